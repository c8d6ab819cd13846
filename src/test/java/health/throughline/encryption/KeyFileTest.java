package health.throughline.encryption;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.StartRefused;
import health.throughline.ThroughlineTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

class KeyFileTest extends ThroughlineTest {

    @TempDir
    private Path folder;

    @Autowired
    private EncryptionSettings ours;

    @Test
    void startsWithItsOwnKeyFile() {
        assertThatCode(() -> startWith(ours)).doesNotThrowAnyException();
    }

    @Test
    void refusesAnotherSystemsKeyFile() {
        var others = new EncryptionSettings(folder.resolve("others.json"), true, 10);
        assertThatThrownBy(() -> startWith(others))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(
                        "THROUGHLINE_ENCRYPTION_KEY_FILE is not the one this database was encrypted with");
    }

    @Test
    void refusesADamagedKeyFile() throws Exception {
        Path damaged = Files.writeString(folder.resolve("damaged.json"), "{}\n{}\n");
        assertThatThrownBy(() -> new FileKeyVault(new EncryptionSettings(damaged, false, 10)))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("is damaged");
    }

    private void startWith(EncryptionSettings settings) throws GeneralSecurityException {
        var encryption = new TinkEncryption(new FileKeyVault(settings), jdbc, clock, settings);
        new KeyFileCheck(encryption, transaction).afterSingletonsInstantiated();
    }
}
