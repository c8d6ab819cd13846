package health.throughline.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import health.throughline.TimeOrderedId;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** One AES-256-GCM keyset per patient, itself encrypted by the vault's key. */
@Component
class TinkEncryption implements Encryption {

    private static final Duration UNWRAPPED_KEYS_STAY = Duration.ofMinutes(10);

    private final KeyVault vault;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final Cache<DataKeyId, Aead> unwrapped;

    TinkEncryption(KeyVault vault, JdbcClient jdbc, Clock clock, EncryptionSettings settings) {
        this.vault = vault;
        this.jdbc = jdbc;
        this.clock = clock;
        this.unwrapped = Caffeine.newBuilder()
                .maximumSize(settings.cachedKeys())
                .expireAfterWrite(UNWRAPPED_KEYS_STAY)
                .build();
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public DataKeyId newPatientKey() {
        DataKeyId id = new DataKeyId(TimeOrderedId.next());
        insert(id, "patient");
        return id;
    }

    @Override
    @Transactional
    public DataKeyId systemKey() {
        return jdbc.sql("select id from data_key where kind = 'system' and destroyed_at is null")
                .query(UUID.class)
                .optional()
                .map(DataKeyId::new)
                .orElseGet(this::newSystemKey);
    }

    private DataKeyId newSystemKey() {
        insert(new DataKeyId(TimeOrderedId.next()), "system");
        // another node may have been first: the unique index kept one
        return new DataKeyId(jdbc.sql("select id from data_key where kind = 'system' and destroyed_at is null")
                .query(UUID.class)
                .single());
    }

    private void insert(DataKeyId id, String kind) {
        try {
            KeysetHandle keyset = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
            byte[] wrapped =
                    TinkProtoKeysetFormat.serializeEncryptedKeyset(keyset, vault.keyEncryption(), associatedData(id));
            jdbc.sql("insert into data_key (id, kind, wrapped, created_at) values (?, ?, ?, ?) on conflict do nothing")
                    .params(id.value(), kind, wrapped, clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A data key could not be made", e);
        }
    }

    @Override
    public byte[] encrypt(DataKeyId key, Field field, String plaintext) {
        return encrypt(key, field, plaintext.getBytes(UTF_8));
    }

    @Override
    public byte[] encrypt(DataKeyId key, Field field, byte[] plaintext) {
        try {
            return aead(key).encrypt(plaintext, associatedData(field));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Encryption with key " + key + " failed", e);
        }
    }

    @Override
    public String decrypt(DataKeyId key, Field field, byte[] ciphertext) {
        return new String(decryptBytes(key, field, ciphertext), UTF_8);
    }

    @Override
    public byte[] decryptBytes(DataKeyId key, Field field, byte[] ciphertext) {
        try {
            return aead(key).decrypt(ciphertext, associatedData(field));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "Field " + field.table() + "." + field.column() + " of row " + field.row()
                            + " does not open: it was moved, edited, or encrypted under another key file",
                    e);
        }
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void destroy(DataKeyId key) {
        jdbc.sql("update data_key set wrapped = null, destroyed_at = ? where id = ? and destroyed_at is null")
                .params(clock.instant().atOffset(ZoneOffset.UTC), key.value())
                .update();
        unwrapped.invalidate(key);
    }

    private Aead aead(DataKeyId key) {
        Aead cached = unwrapped.getIfPresent(key);
        if (cached != null) {
            return cached;
        }
        byte[] wrapped = jdbc.sql("select wrapped from data_key where id = ? and destroyed_at is null")
                .param(key.value())
                .query(byte[].class)
                .optional()
                .orElseThrow(() -> new KeyDestroyed(key));
        try {
            Aead aead = TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, vault.keyEncryption(), associatedData(key))
                    .getPrimitive(RegistryConfiguration.get(), Aead.class);
            unwrapped.put(key, aead);
            return aead;
        } catch (GeneralSecurityException e) {
            throw new WrongKeyFile(key, e);
        }
    }

    /** The key was wrapped by another vault. */
    static final class WrongKeyFile extends IllegalStateException {
        WrongKeyFile(DataKeyId key, Throwable cause) {
            super("Key " + key + " does not open with this key file", cause);
        }
    }

    private static byte[] associatedData(DataKeyId id) {
        return ("data_key|wrapped|" + id).getBytes(UTF_8);
    }

    private static byte[] associatedData(Field field) {
        return (field.table() + "|" + field.column() + "|" + field.row()).getBytes(UTF_8);
    }
}
