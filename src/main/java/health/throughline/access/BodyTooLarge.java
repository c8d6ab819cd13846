package health.throughline.access;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** More came than is read there. The message is for the caller. */
final class BodyTooLarge extends IOException {

    private static final long serialVersionUID = 1L;

    private static final int DEEPEST = 10;

    BodyTooLarge(long most) {
        super("The body has more than %d KB, and no more is read here."
                .formatted(DataSize.ofBytes(most).toKilobytes()));
    }

    /** Whoever read it may have wrapped it. */
    static @Nullable BodyTooLarge in(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
            if (cause instanceof BodyTooLarge large) {
                return large;
            }
        }
        return null;
    }
}
