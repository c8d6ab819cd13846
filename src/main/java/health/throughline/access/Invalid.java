package health.throughline.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The request was understood, but a value in it will not do. Answered as 422 with {@code field}, or with {@code errors} for several. */
public class Invalid extends RuntimeException {

    private final @Nullable String field;
    private final List<FieldError> errors;

    /** One field's fault. */
    public record FieldError(String field, String message) {}

    /**
     * @param field where it stands, dotted: {@code patient.identifier.value}
     * @param detail what is wrong and how to mend it, without patient data
     */
    public Invalid(String field, String detail) {
        super(detail);
        this.field = field;
        this.errors = List.of();
    }

    public Invalid(String detail, List<FieldError> errors) {
        super(detail);
        this.field = errors.size() == 1 ? errors.getFirst().field() : null;
        this.errors = List.copyOf(errors);
    }

    public @Nullable String field() {
        return field;
    }

    public List<FieldError> errors() {
        return errors;
    }
}
