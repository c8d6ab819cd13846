package health.throughline.conversation;

import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What was said to and by a patient, decrypted, newest first. The caller audits that it was read. */
public interface ConversationHistory {

    /** Messages and replies before that moment, at most {@code limit} of each. */
    List<Entry> of(PatientId patient, Instant before, int limit);

    /** What a journey said, newest first, without the texts; at most 100. */
    List<Said> ofJourney(UUID journeyInstance);

    /** What has left for the patient or about the patient, newest first, at most 500. */
    List<Disclosure> disclosures(PatientId patient);

    /** The text of one inbound message. */
    Optional<String> inboundText(UUID inbound);

    /**
     * @param fromPatient a reply, else a message of ours
     * @param author a journey's key, a person's user name, or who we are
     * @param state as of now; for a reply what became of it
     * @param why one sentence: the decision that let it go, or what was understood
     * @param planned not sent yet, and may still go
     * @param attachments pictures and files that came with a reply
     */
    record Entry(
            UUID id,
            Instant at,
            boolean fromPatient,
            String authorKind,
            String author,
            String channel,
            String text,
            String state,
            @Nullable String template,
            @Nullable String meaning,
            @Nullable String why,
            boolean planned,
            @Nullable UUID journeyInstance,
            List<Tracked> tracked,
            List<Attachment> attachments) {

        Entry with(List<Attachment> others) {
            return new Entry(
                    id,
                    at,
                    fromPatient,
                    authorKind,
                    author,
                    channel,
                    text,
                    state,
                    template,
                    meaning,
                    why,
                    planned,
                    journeyInstance,
                    tracked,
                    others);
        }
    }

    /** @param what {@code delivered}, {@code read}, {@code opened}, {@code clicked}, {@code replied}, {@code chose}, {@code undelivered} */
    record Tracked(Instant at, String what) {}

    /**
     * Something about a patient that was told to an address.
     *
     * @param address all but its last four characters hidden
     */
    record Disclosure(
            UUID message,
            Instant at,
            String channel,
            String address,
            @Nullable String template,
            String state,
            String text) {}

    record Said(
            UUID id,
            Instant at,
            String template,
            String channel,
            String state,
            @Nullable String why) {}
}
