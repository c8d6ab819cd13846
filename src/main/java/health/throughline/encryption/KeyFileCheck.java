package health.throughline.encryption;

import health.throughline.StartRefused;
import health.throughline.TimeOrderedId;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Refuses to start with another system's key file, before anything is written that the right one could not read. */
@Component
class KeyFileCheck implements SmartInitializingSingleton {

    private final Encryption encryption;
    private final TransactionTemplate transaction;

    KeyFileCheck(Encryption encryption, TransactionTemplate transaction) {
        this.encryption = encryption;
        this.transaction = transaction;
    }

    @Override
    public void afterSingletonsInstantiated() {
        var field = new Encryption.Field("data_key", "check", TimeOrderedId.next());
        try {
            transaction.executeWithoutResult(status -> encryption.encrypt(encryption.systemKey(), field, ""));
        } catch (TinkEncryption.WrongKeyFile wrong) {
            throw new StartRefused(
                    "The key file at THROUGHLINE_ENCRYPTION_KEY_FILE is not the one this database was encrypted with.",
                    "Restore the one that belongs to it from its backup.");
        }
    }
}
