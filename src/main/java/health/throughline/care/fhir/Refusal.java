package health.throughline.care.fhir;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** What was sent cannot be taken; says which element is to blame and how to mend it, without the value. */
class Refusal extends RuntimeException {

    private final HttpStatus status;
    private final transient Issue issue;

    private Refusal(HttpStatus status, Issue issue) {
        super(issue.text());
        this.status = status;
        this.issue = issue;
    }

    /** @param code FHIR issue-type; {@code expression} the element, as FHIRPath */
    record Issue(
            String severity,
            String code,
            String text,
            @Nullable String expression) {}

    static Refusal malformed(String text, @Nullable String expression) {
        return new Refusal(HttpStatus.BAD_REQUEST, new Issue("error", "structure", text, expression));
    }

    static Refusal unprocessable(String code, String text, @Nullable String expression) {
        return new Refusal(HttpStatus.UNPROCESSABLE_CONTENT, new Issue("error", code, text, expression));
    }

    static Refusal of(HttpStatus status, String code, String text) {
        return new Refusal(status, new Issue("error", code, text, null));
    }

    /** The same, seen from the Bundle around it. */
    Refusal within(int entry) {
        String inner = issue.expression();
        String outer = "Bundle.entry[" + entry + "]";
        String expression = inner == null
                ? outer
                : inner.startsWith("Bundle.") ? inner : outer + ".resource.ofType(" + type(inner) + ")" + rest(inner);
        return new Refusal(status, new Issue(issue.severity(), issue.code(), issue.text(), expression));
    }

    /** The same, of a resource sent without a Bundle around it. */
    Refusal alone() {
        String expression = issue.expression();
        if (expression == null || !expression.startsWith("Bundle.entry[0]")) {
            return this;
        }
        String plain = expression
                .replace("Bundle.entry[0].resource.ofType(", "")
                .replaceFirst("\\)", "")
                .replace("Bundle.entry[0]", "");
        return new Refusal(
                status, new Issue(issue.severity(), issue.code(), issue.text(), plain.isEmpty() ? null : plain));
    }

    HttpStatus status() {
        return status;
    }

    List<Issue> issues() {
        return List.of(issue);
    }

    private static String type(String expression) {
        int dot = expression.indexOf('.');
        return dot < 0 ? expression : expression.substring(0, dot);
    }

    private static String rest(String expression) {
        int dot = expression.indexOf('.');
        return dot < 0 ? "" : expression.substring(dot);
    }
}
