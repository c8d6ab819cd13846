package health.throughline.channel;

/** Gets what came with a message from the provider who keeps it. One request, or one and where it leads; trying again is the caller's. */
public interface AttachmentSource {

    /** As in {@link InboundMessage#provider}. */
    String provider();

    /** Blocks, within a bound of time, and never reads more than {@code most} bytes. @param reference of {@link Attached.ToFetch} */
    Fetched fetch(String reference, long most);

    /** What became of it. */
    sealed interface Fetched {

        record Got(byte[] content) implements Fetched {}

        /** @param bytes none where the provider did not say: more than was asked for */
        record TooLarge(@org.jspecify.annotations.Nullable Long bytes) implements Fetched {}

        /** Not to be asked for again: where it leads is no place of the provider's. @param code for the log */
        record LedAstray(String code) implements Fetched {}

        /** Try again later. @param code for the log, such as {@code http-404} or {@code no-answer} */
        record NotNow(String code) implements Fetched {}
    }
}
