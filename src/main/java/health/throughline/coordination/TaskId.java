package health.throughline.coordination;

import java.util.UUID;

/** Names something a person has to do. */
public record TaskId(UUID value) {

    @Override
    public String toString() {
        return value.toString();
    }
}
