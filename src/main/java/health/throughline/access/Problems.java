package health.throughline.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.databind.DatabindException;

/** Turns what goes wrong in a controller into a problem detail (RFC 9457) that says what is wrong and how to mend it. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class Problems extends ResponseEntityExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private static final int DEEPEST = 5;

    private final RefusalAudit refusals;

    Problems(RefusalAudit refusals) {
        this.refusals = refusals;
    }

    @ExceptionHandler
    ProblemDetail notFound(NotFound missing, HttpServletRequest request) {
        refusals.notFound(request, missing.what(), missing.id());
        return problem(HttpStatus.NOT_FOUND, missing.getMessage(), null);
    }

    @ExceptionHandler
    ProblemDetail noSuchElement(NoSuchElementException missing, HttpServletRequest request) {
        refusals.notFound(request, "request", firstPathVariable(request));
        return problem(HttpStatus.NOT_FOUND, missing.getMessage(), null);
    }

    @ExceptionHandler
    ProblemDetail invalid(Invalid invalid) {
        var problem = problem(HttpStatus.UNPROCESSABLE_CONTENT, invalid.getMessage(), invalid.field());
        if (!invalid.errors().isEmpty()) {
            problem.setProperty("errors", invalid.errors());
        }
        return problem;
    }

    @ExceptionHandler
    ProblemDetail illegal(IllegalArgumentException illegal) {
        return problem(HttpStatus.BAD_REQUEST, illegal.getMessage(), null);
    }

    @ExceptionHandler
    ProblemDetail mismatch(MethodArgumentTypeMismatchException mismatch) {
        Class<?> type = mismatch.getRequiredType();
        return problem(
                HttpStatus.BAD_REQUEST,
                "%s is not of the kind wanted here%s."
                        .formatted(mismatch.getName(), type == null ? "" : " (" + kind(type) + ")"),
                mismatch.getName());
    }

    @ExceptionHandler
    ProblemDetail conflict(Conflict conflict) {
        return problem(HttpStatus.CONFLICT, conflict.getMessage(), null);
    }

    @ExceptionHandler
    ProblemDetail concurrent(ConcurrencyFailureException concurrent) {
        return problem(
                HttpStatus.CONFLICT, "Somebody else changed this at the same moment. Read it again and retry.", null);
    }

    @ExceptionHandler({DataAccessResourceFailureException.class, CannotCreateTransactionException.class})
    ResponseEntity<ProblemDetail> unavailable(Exception unavailable) {
        LOG.error("The database does not answer: {}", unavailable.getClass().getSimpleName());
        return ResponseEntity.status(HttpStatus.SERVICE_UNAVAILABLE)
                .header(HttpHeaders.RETRY_AFTER, "5")
                .body(problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "The database does not answer. Nothing was stored; retry.",
                        null));
    }

    /** The filters answer these. */
    @ExceptionHandler
    void denied(AccessDeniedException denied) {
        throw denied;
    }

    @ExceptionHandler
    void notSignedIn(AuthenticationException refused) {
        throw refused;
    }

    @ExceptionHandler
    ProblemDetail tooLarge(BodyTooLarge large) {
        return problem(HttpStatus.CONTENT_TOO_LARGE, large.getMessage(), null);
    }

    @ExceptionHandler
    @Nullable
    ProblemDetail anythingElse(Exception failure, HttpServletResponse response) {
        if (clientGone(failure)) {
            // nobody reads an answer; a status all the same, for a line that only stalled and is alive
            LOG.debug("A client went away in the middle of its request");
            if (!response.isCommitted()) {
                response.setStatus(HttpStatus.BAD_REQUEST.value());
            }
            return null;
        }
        String reference = UUID.randomUUID().toString();
        // The message may quote a row or a request, so a patient: types and places only.
        LOG.error("Request failed, reference {}: {}", reference, trace(failure));
        var problem = problem(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Something went wrong on our side. Tell the operator this reference: " + reference,
                null);
        problem.setProperty("reference", reference);
        return problem;
    }

    /** Only what the server says of the line to the client: what breaks between us and others is ours to know of. */
    private static boolean clientGone(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++, cause = cause.getCause()) {
            if (cause instanceof ClientAbortException || cause instanceof AsyncRequestNotUsableException) {
                return true;
            }
        }
        return false;
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<Invalid.FieldError> errors = invalid.getBindingResult().getFieldErrors().stream()
                .map(error -> new Invalid.FieldError(error.getField(), String.valueOf(error.getDefaultMessage())))
                .toList();
        var problem = problem(
                HttpStatus.UNPROCESSABLE_CONTENT,
                sentence(errors),
                errors.isEmpty() ? null : errors.getFirst().field());
        problem.setProperty("errors", errors);
        return handleExceptionInternal(invalid, problem, headers, HttpStatus.UNPROCESSABLE_CONTENT, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        BodyTooLarge large = BodyTooLarge.in(unreadable);
        if (large != null) {
            return handleExceptionInternal(unreadable, tooLarge(large), headers, HttpStatus.CONTENT_TOO_LARGE, request);
        }
        String field = unreadable.getCause() instanceof DatabindException json
                        && !json.getPath().isEmpty()
                ? path(json)
                : null;
        var problem = problem(
                HttpStatus.BAD_REQUEST,
                field == null ? "The body is missing or is no JSON." : field + " does not have the form wanted here.",
                field);
        return handleExceptionInternal(unreadable, problem, headers, HttpStatus.BAD_REQUEST, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException missing,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        var problem = problem(
                HttpStatus.BAD_REQUEST,
                "The parameter " + missing.getParameterName() + " is missing.",
                missing.getParameterName());
        return handleExceptionInternal(missing, problem, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleServletRequestBindingException(
            org.springframework.web.bind.ServletRequestBindingException missing,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        String header = missing instanceof MissingRequestHeaderException named ? named.getHeaderName() : null;
        var problem = problem(
                HttpStatus.BAD_REQUEST,
                header == null ? "Something is missing from the request." : "The header " + header + " is missing.",
                header);
        return handleExceptionInternal(missing, problem, headers, HttpStatus.BAD_REQUEST, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException mismatch, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        var problem =
                problem(HttpStatus.BAD_REQUEST, "A value is not of the kind wanted here.", mismatch.getPropertyName());
        return handleExceptionInternal(mismatch, problem, headers, status, request);
    }

    private static ProblemDetail problem(HttpStatus status, @Nullable String detail, @Nullable String field) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        if (field != null) {
            problem.setProperty("field", field);
        }
        return problem;
    }

    private static String sentence(List<Invalid.FieldError> errors) {
        return errors.isEmpty()
                ? "A value will not do."
                : errors.getFirst().field() + " " + errors.getFirst().message() + ".";
    }

    private static String path(DatabindException json) {
        var path = new StringBuilder();
        json.getPath().forEach(step -> {
            String name = step.getPropertyName();
            if (name == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(name);
            }
        });
        return path.toString();
    }

    private static String kind(Class<?> type) {
        return type.isEnum() ? "one of " + List.of(type.getEnumConstants()) : type.getSimpleName();
    }

    private static @Nullable String firstPathVariable(HttpServletRequest request) {
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                        && !variables.isEmpty()
                ? String.valueOf(variables.values().iterator().next())
                : null;
    }

    private static String trace(Throwable failure) {
        var trace = new StringBuilder();
        int depth = 0;
        for (Throwable cause = failure; cause != null && depth < DEEPEST; cause = cause.getCause(), depth++) {
            trace.append(depth == 0 ? "" : "\ncaused by ")
                    .append(cause.getClass().getName());
            StackTraceElement[] places = cause.getStackTrace();
            for (int n = 0; n < Math.min(places.length, 15); n++) {
                trace.append("\n  at ").append(places[n]);
            }
        }
        return trace.toString();
    }
}
