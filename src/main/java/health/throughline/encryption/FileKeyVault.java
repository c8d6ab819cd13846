package health.throughline.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.HmacParameters;
import com.google.crypto.tink.mac.MacConfig;
import health.throughline.StartRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.List;
import org.springframework.stereotype.Component;

/** Two lines of Tink keysets in a file that only its owner can read. */
@Component
class FileKeyVault implements KeyVault {

    private final Aead keyEncryption;
    private final Mac hashing;

    FileKeyVault(EncryptionSettings settings) throws GeneralSecurityException {
        AeadConfig.register();
        MacConfig.register();
        List<KeysetHandle> keysets = keysets(settings);
        keyEncryption = keysets.get(0).getPrimitive(RegistryConfiguration.get(), Aead.class);
        hashing = keysets.get(1).getPrimitive(RegistryConfiguration.get(), Mac.class);
    }

    @Override
    public Aead keyEncryption() {
        return keyEncryption;
    }

    @Override
    public Mac hashing() {
        return hashing;
    }

    private static List<KeysetHandle> keysets(EncryptionSettings settings) throws GeneralSecurityException {
        Path file = settings.keyFile();
        try {
            if (!Files.exists(file)) {
                if (!settings.createKeyFile()) {
                    throw new StartRefused(
                            "There is no key file at THROUGHLINE_ENCRYPTION_KEY_FILE (" + file + ").",
                            "Restore it from its backup; for a new system set THROUGHLINE_ENCRYPTION_CREATE_KEY_FILE=true once.");
                }
                write(
                        file,
                        List.of(
                                KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM),
                                KeysetHandle.generateNew(HmacParameters.builder()
                                        .setKeySizeBytes(32)
                                        .setTagSizeBytes(32)
                                        .setHashType(HmacParameters.HashType.SHA256)
                                        .setVariant(HmacParameters.Variant.NO_PREFIX)
                                        .build())));
            }
            List<String> lines = Files.readAllLines(file);
            if (lines.size() < 2) {
                throw damaged(file);
            }
            try {
                return List.of(read(lines.get(0)), read(lines.get(1)));
            } catch (GeneralSecurityException e) {
                throw damaged(file);
            }
        } catch (IOException e) {
            throw new StartRefused(
                    "The key file at THROUGHLINE_ENCRYPTION_KEY_FILE (" + file + ") cannot be read or made: " + e + ".",
                    "Give the product's user the right to it, and to its folder where it is to be made.");
        }
    }

    private static StartRefused damaged(Path file) {
        return new StartRefused(
                "The key file at THROUGHLINE_ENCRYPTION_KEY_FILE (" + file
                        + ") is damaged: it must hold two keysets, one a line.",
                "Restore it from its backup.");
    }

    private static KeysetHandle read(String json) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(json, InsecureSecretKeyAccess.get());
    }

    private static void write(Path file, List<KeysetHandle> keysets) throws IOException, GeneralSecurityException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        StringBuilder lines = new StringBuilder();
        for (KeysetHandle keyset : keysets) {
            lines.append(TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get())
                            .replaceAll("\\s+", ""))
                    .append('\n');
        }
        Files.writeString(fresh, lines);
        Files.move(fresh, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
