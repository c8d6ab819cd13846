package health.throughline.conversation;

import java.util.List;

/** Who says a text. Each module that says any tells which. */
public interface TextUses {

    List<Use> of(String key);

    /**
     * @param kind {@code journey} or {@code product}
     * @param name of the journey, or what the product does with it, in a coordinator's words
     */
    record Use(String kind, String name) {}

    /** What the product says by itself, by the key of the text. */
    static List<Use> product(String key, java.util.Map<String, String> said) {
        String what = said.get(key);
        return what == null ? List.of() : List.of(new Use("product", what));
    }
}
