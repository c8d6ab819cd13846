package health.throughline.care;

/** Which visit types of a source are known here. */
public interface VisitTypes {

    boolean known(String source, String code);

    /** About something that is for the patient alone: addiction, mental or reproductive health, HIV (K13). */
    boolean isSensitive(String source, String code);

    /** What staff call it; the code itself where the source never named it. */
    String display(String source, String code);
}
