package health.throughline.channel;

import java.util.UUID;

/** What came with a message besides its words. What it is, its first bytes say; what its sender calls it counts nowhere. */
public sealed interface Attached {

    /**
     * It lies in the {@link AttachmentStore}.
     *
     * @param name as its sender called it; may be empty
     * @param type found out from its first bytes
     */
    record Kept(UUID id, String name, String type, long bytes) implements Attached {}

    /** @param why one sentence for a coordinator, without a word of the sender's */
    record NotKept(String name, Kind kind, String why) implements Attached {}

    /**
     * The provider has it.
     *
     * @param reference by which the provider's {@link AttachmentSource} finds it: ids only, never an address out of the message
     * @param kind as the provider says; only for the words until it is here
     */
    record ToFetch(String reference, Kind kind) implements Attached {}

    /** What to call it in a sentence. */
    enum Kind {
        PICTURE("picture", "A picture"),
        SOUND("sound", "A sound recording"),
        VIDEO("video", "A video"),
        FILE("file", "A file");

        private final String code;
        private final String words;

        Kind(String code, String words) {
            this.code = code;
            this.words = words;
        }

        public String code() {
            return code;
        }

        /** How a sentence begins that is about it. */
        public String words() {
            return words;
        }

        /** @param type of media, as in {@code image/png} */
        public static Kind ofType(String type) {
            return switch (type.substring(0, Math.max(type.indexOf('/'), 0))) {
                case "image" -> PICTURE;
                case "audio" -> SOUND;
                case "video" -> VIDEO;
                default -> FILE;
            };
        }

        public static Kind ofCode(String code) {
            for (Kind kind : values()) {
                if (kind.code.equals(code)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no such kind");
        }
    }
}
