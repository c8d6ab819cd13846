package health.throughline.access;

import health.throughline.audit.Audit;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/** Takes down what a known caller asked for and did not get. Ids only: what does not look like one is not kept. */
@Component
class RefusalAudit {

    private static final Pattern ID =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[a-z][a-z0-9_-]{0,63}");
    private static final Pattern STEP = Pattern.compile("[A-Za-z0-9_.$-]{1,64}");

    private final Audit audit;

    RefusalAudit(Audit audit) {
        this.audit = audit;
    }

    void denied(HttpServletRequest request) {
        if (Caller.current().isPresent()) {
            audit.record(new Audit.Entry("access.denied", "endpoint", place(request), null, "refused", Map.of()));
        }
    }

    void notFound(HttpServletRequest request, String what, @Nullable String id) {
        if (Caller.current().isPresent()) {
            audit.record(new Audit.Entry(
                    "access.not_found",
                    what,
                    id != null && ID.matcher(id).matches() ? id : "malformed",
                    null,
                    "not_found",
                    Map.of("endpoint", place(request))));
        }
    }

    private static String place(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (pattern != null) {
            return request.getMethod() + " " + pattern;
        }
        var safe = new StringBuilder(request.getMethod()).append(' ');
        for (String step : request.getRequestURI().split("/", 8)) {
            if (!step.isEmpty()) {
                safe.append('/').append(STEP.matcher(step).matches() ? step : "…");
            }
        }
        return safe.toString();
    }
}
