package health.throughline.conversation.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What may stand in a wording for something that is known only when it is said.
 *
 * @param values of an {@link Type#ENUM}; besides, {@code none} where it may be missing
 * @param samples by language, for previews; {@code en} where a language has none of its own
 */
public record Variable(String name, Type type, List<String> values, Map<String, String> samples) {

    /** Stands for "there is none", in wordings that choose by it. */
    public static final String NONE = "none";

    /** Kinds of value. */
    public enum Type {
        /** A person's name: no word of it is a diagnosis, whatever it sounds like. */
        PERSON,
        STRING,
        DATE_TIME,
        PHONE,
        URL,
        NUMBER,
        ENUM;

        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }

        static Optional<Type> ofCode(String code) {
            return java.util.Arrays.stream(values())
                    .filter(type -> type.code().equals(code))
                    .findFirst();
        }
    }

    static Variable string(String name) {
        return new Variable(name, Type.STRING, List.of(), Map.of());
    }

    /** Of the language, else of its base, else English, else the name itself. */
    public String sample(String language) {
        String base = language.split("-")[0];
        return Optional.ofNullable(samples.get(language))
                .or(() -> Optional.ofNullable(samples.get(base)))
                .or(() -> Optional.ofNullable(samples.get("en")))
                .orElse(name);
    }
}
