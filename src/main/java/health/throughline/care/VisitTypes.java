package health.throughline.care;

/** Which visit types of a source are known here. */
public interface VisitTypes {

    boolean known(String source, String code);
}
