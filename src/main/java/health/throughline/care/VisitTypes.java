package health.throughline.care;

/** Which visit types of a source are known here. */
public interface VisitTypes {

    boolean known(String source, String code);

    /** What staff call it; the code itself where the source never named it. */
    String display(String source, String code);
}
