package health.throughline.care;

/** Orders the versions of a source's record. */
public final class SourceOrder {

    /** Version numbers lie below, times in milliseconds above. */
    private static final long SMALLEST_TIME = 100_000_000_000L;

    private SourceOrder() {}

    /** Whether the incoming version is older than the stored one; a version number and a time cannot be compared, then arrival decides. */
    public static boolean isOlder(long incoming, long stored) {
        return (incoming < SMALLEST_TIME) == (stored < SMALLEST_TIME) && incoming < stored;
    }
}
