package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The way by which anything is said to a patient. */
public interface Conversations {

    /**
     * Chooses the address, asks consent, renders, and stores the message in the caller's transaction. Never calls a provider. Idempotent
     * by intent: the same intent again returns the first answer and stores nothing.
     */
    SendDecision send(Saying saying);

    /** Keeps everything of that journey instance that has not started from going out; closes its open questions. Idempotent. */
    void withdraw(UUID journeyInstance, String why);

    /** Closes the open questions of a journey that is over; what was queued still goes. Idempotent. */
    void closeQuestions(UUID journeyInstance, String why);

    /** Whether a text of that key is published in any language. */
    boolean knowsText(String key);

    /** Every channel that is served, the one usually tried first first. */
    List<Channel> channels();

    /** Where a message stands, as far as a waiting journey needs it. */
    Standing standing(MessageId message);

    /**
     * @param patient none where it is said to somebody who is no patient, at an address that is given
     * @param intent unique per journey instance, subject, subject version and activity instance
     * @param template key of the text
     * @param values what the text's variables stand for, already patient-safe
     * @param solicited it answers what the patient said; holds only within minutes of the patient's own contact
     * @param question what the patient is asked; none when nothing is asked
     * @param notBefore none means now
     * @param reach by which channels it may be said
     */
    record Saying(
            String intent,
            @Nullable PatientId patient,
            OrgUnitId orgUnit,
            @Nullable OrgUnitId location,
            String template,
            Map<String, Object> values,
            boolean solicited,
            @Nullable Question question,
            @Nullable Instant notBefore,
            Instant expiresAt,
            Author author,
            @Nullable Origin origin,
            Reach reach) {

        /** By the channel that suits the patient best. */
        public Saying(
                String intent,
                @Nullable PatientId patient,
                OrgUnitId orgUnit,
                @Nullable OrgUnitId location,
                String template,
                Map<String, Object> values,
                boolean solicited,
                @Nullable Question question,
                @Nullable Instant notBefore,
                Instant expiresAt,
                Author author,
                @Nullable Origin origin) {
            this(
                    intent,
                    patient,
                    orgUnit,
                    location,
                    template,
                    values,
                    solicited,
                    question,
                    notBefore,
                    expiresAt,
                    author,
                    origin,
                    Reach.best());
        }

        /** The same without its question: nobody can answer what they were not told. */
        Saying askingNothing() {
            return new Saying(
                    intent, patient, orgUnit, location, template, values, solicited, null, notBefore, expiresAt, author,
                    origin, reach);
        }
    }

    /**
     * What a message asks.
     *
     * @param lifetime until when a bare "yes" counts as its answer
     * @param about the day and hour it speaks of, as the clinic's clock shows them: an answer that names them is no doubt
     */
    record Question(String kind, Instant lifetime, @Nullable LocalDateTime about) {}

    /** Who speaks. */
    record Author(Kind kind, String name) {
        /** Kinds of speaker, as told in the timeline. */
        public enum Kind {
            JOURNEY,
            PERSON,
            ASSISTANT,
            SYSTEM
        }
    }

    /** The journey step that speaks, and what about. */
    record Origin(
            UUID journeyInstance,
            String journeyKey,
            String processInstance,
            String activity,
            @Nullable String subjectType,
            @Nullable UUID subject,
            int subjectRevision) {}

    /** What became of a wish to say something. */
    sealed interface SendDecision {
        String why();
    }

    /** @param channel by which it goes */
    record Queued(MessageId message, Channel channel, String why) implements SendDecision {}

    /** Queued too, but not before {@code until}. */
    record Deferred(MessageId message, Channel channel, Instant until, String why) implements SendDecision {}

    record Refused(String reason, String why) implements SendDecision {}

    /**
     * @param sentAt when the provider took it, or would have been given it by a department in shadow; none while it has not
     * @param dueAt when it goes, as far as anybody knows; none while a hold keeps it back
     * @param finished no attempt will follow
     * @param failed finished without having been sent
     */
    record Standing(
            String state,
            @Nullable Instant sentAt,
            @Nullable Instant dueAt,
            boolean finished,
            boolean failed,
            @Nullable String reason) {}
}
