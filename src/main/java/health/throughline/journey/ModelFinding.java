package health.throughline.journey;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a model, for the person who drew it.
 *
 * @param mend what to do about it
 */
record ModelFinding(
        String file, @Nullable String elementId, @Nullable String elementName, String problem, String mend) {

    @Override
    public String toString() {
        return file + (elementId == null ? "" : ", " + elementId)
                + (elementName == null ? "" : " \"" + elementName + "\"") + ": " + problem + ". " + mend + ".";
    }
}
