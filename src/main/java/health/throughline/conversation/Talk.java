package health.throughline.conversation;

import health.throughline.consent.Purpose;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person does in a conversation: says something, writes a note, takes it over from the journeys and hands it back. Joins the
 * caller's transaction, and needs one.
 */
public interface Talk {

    /** What would become of these words if they were said now. Stores nothing. */
    Foreseen foresee(PatientId patient, String text, Purpose purpose);

    /** Says it by the same way as everything else: consent is asked now and again when it goes. */
    Outcome say(Words words);

    /**
     * Never sent, never changed. The same id again is the same note.
     *
     * @return false where other words were written under this id before
     */
    boolean note(UUID id, PatientId patient, String author, String text);

    /** The newest first, before that moment. */
    List<Note> notes(PatientId patient, Instant before, int limit);

    /** @return whose it is now; another's name where somebody was faster */
    Takeover takeOver(PatientId patient, String by);

    /** Replies and automation are the journeys' again. Idempotent. */
    void giveBack(PatientId patient, String by);

    /**
     * Hands back what nobody spoke in since then: somebody went home and forgot, and the patient would hear of no visit any more.
     *
     * @return whose conversations they were
     */
    List<PatientId> giveBackForgotten(Instant silentSince, int limit);

    Optional<Takeover> takenOver(PatientId patient);

    /** What waited for that {@link SendPause} is due now. */
    void goOn(PatientId patient, String reason);

    /** A call is contact too: kept with what came of every message. @param outcome code, for example {@code reached} */
    void called(PatientId patient, String outcome);

    record Takeover(String by, Instant since) {}

    record Note(UUID id, String author, Instant at, String text) {}

    /** @param key chosen by the person's page: the same words under the same key are said once, however often they are sent */
    record Words(PatientId patient, String text, Purpose purpose, String author, String key) {}

    /**
     * @param outcome {@code may}, {@code not-now} or {@code may-not}
     * @param until when it would go, where it may not now and the moment is known
     * @param to where it would go; none where there is no number
     * @param worded as the patient would read it: with who writes, where that is added
     * @param segments how many texts the carrier counts it as
     */
    record Foreseen(
            String outcome,
            @Nullable Instant until,
            String reason,
            String sentence,
            @Nullable String to,
            String worded,
            int segments) {}

    /** What became of words. */
    sealed interface Outcome {}

    /** @param until when it goes; none for now */
    record Going(UUID message, @Nullable Instant until, String why) implements Outcome {}

    record NotSaid(String reason, String why) implements Outcome {}

    /** Other words were said under this key before. */
    record KeyUsed() implements Outcome {}
}
