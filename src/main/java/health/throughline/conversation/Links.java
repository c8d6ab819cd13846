package health.throughline.conversation;

import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes the short addresses behind which a patient finds what may not stand in a message itself (K12). Implemented by the patients' own
 * pages; a text asks for one with its variable {@code link}.
 */
public interface Links {

    /** The variable of a text that stands for the address. */
    String VARIABLE = "link";

    /** One that cannot be guessed. Leads nowhere before it is kept. */
    Link make();

    /** Lets it lead to what the message is about. Joins the transaction that stores the message. */
    void keep(Link link, Target target);

    record Link(UUID id, String code, String url) {

        @Override
        public String toString() {
            return "Link[" + id + "]";
        }
    }

    /** @param usefulUntil when the message is no longer true; the link outlives it by a little */
    record Target(
            MessageId message,
            PatientId patient,
            @Nullable String subjectType,
            @Nullable UUID subject,
            Instant usefulUntil) {}
}
