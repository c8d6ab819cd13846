package health.throughline.conversation;

import java.util.UUID;

/** Names what was meant to be said once, however many attempts it took. */
public record MessageId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
