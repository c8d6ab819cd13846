package health.throughline.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import org.springframework.stereotype.Component;

@Component
class MacKeyedHash implements KeyedHash {

    private final KeyVault vault;

    MacKeyedHash(KeyVault vault) {
        this.vault = vault;
    }

    @Override
    public byte[] of(String domain, String value) {
        try {
            return vault.hashing().computeMac((domain + '\0' + value).getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The hashing key does not work", e);
        }
    }
}
