package health.throughline.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Answers with a problem detail where no controller is reached. */
@Component
class ProblemWriter implements AuthenticationEntryPoint, AccessDeniedHandler {

    static final String NOT_SIGNED_IN =
            "Sign in with POST /api/v1/session, or send an API key in force as Authorization: Bearer tl_…";

    private final JsonMapper json;
    private final RefusalAudit refusals;

    ProblemWriter(JsonMapper json, RefusalAudit refusals) {
        this.json = json;
        this.refusals = refusals;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException refused)
            throws IOException {
        write(response, HttpStatus.UNAUTHORIZED, NOT_SIGNED_IN);
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
            throws IOException {
        boolean known = Caller.current().isPresent();
        if (denied instanceof CsrfException) {
            write(
                    response,
                    HttpStatus.FORBIDDEN,
                    "Send the value of the cookie XSRF-TOKEN in the header X-XSRF-TOKEN; GET /api/v1/session sets the cookie."
                            + (known ? "" : " A program sends an API key as Authorization: Bearer tl_… instead."));
            return;
        }
        refusals.denied(request);
        write(response, HttpStatus.FORBIDDEN, "Your role or your key's scopes do not allow this.");
    }

    void write(HttpServletResponse response, HttpStatus status, String detail) throws IOException {
        if (response.isCommitted()) {
            return;
        }
        if (status == HttpStatus.UNAUTHORIZED) {
            response.setHeader("WWW-Authenticate", "Bearer");
        }
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.setCharacterEncoding("UTF-8");
        json.writeValue(response.getOutputStream(), ProblemDetail.forStatusAndDetail(status, detail));
    }
}
