package health.throughline.encryption;

import java.util.UUID;

/** Names the key under which a row's fields are encrypted. */
public record DataKeyId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
