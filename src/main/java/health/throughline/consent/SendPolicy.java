package health.throughline.consent;

import health.throughline.channel.Channel;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a message may go, now, here, for this purpose. Gathers the facts, applies the rules in force, stores the decision with
 * its inputs and the version of the rules (recomputing gives the same answer), and returns it. Joins the caller's transaction.
 */
public interface SendPolicy {

    Decision decide(Proposal proposal, Instant now);

    /** What {@link #decide} would answer, without a record of it: for showing people what is to come. */
    Outlook outlook(Proposal proposal, Instant now);

    /** Applies the rule version named in a stored decision to the inputs stored with it: what was decided then, again. */
    Decision recompute(UUID decision);

    /**
     * Locks the address against a concurrent opt-out for the rest of the transaction: an opt-out either commits before (and the decision
     * that follows sees it) or waits until the attempt has started. Call before {@link #decide} when starting an attempt.
     */
    void lock(AddressId address);

    /**
     * Locks the patients too, and every record merged with theirs: what they refuse for all their addresses holds for an attempt to
     * whoever stands for them as well. After the addresses, as an opt-out does.
     */
    void lock(Collection<PatientId> patients);

    /**
     * @param intent what the message is, for the record
     * @param patient none where the party is no patient: staff, or somebody whose number nobody knows
     * @param stage {@code QUEUE} when the message is meant, {@code SEND} when an attempt is about to start
     * @param solicited answers the patient's own contact of the last ten minutes: outside budgets and quiet hours, not above a revocation
     * @param message none until the row exists; never counted against itself
     * @param sender id of the sender it would go through
     * @param bodyLength characters of the rendered text, to hold it to the exemption's length (K2)
     * @param besides what else is to be known of it
     */
    record Proposal(
            String intent,
            @Nullable UUID message,
            Stage stage,
            @Nullable PatientId patient,
            PartyId party,
            AddressId address,
            Channel channel,
            String sender,
            Purpose purpose,
            Urgency urgency,
            boolean solicited,
            int bodyLength,
            Besides besides) {

        public Proposal(
                String intent,
                @Nullable UUID message,
                Stage stage,
                @Nullable PatientId patient,
                PartyId party,
                AddressId address,
                Channel channel,
                String sender,
                Purpose purpose,
                Urgency urgency,
                boolean solicited,
                int bodyLength) {
            this(
                    intent,
                    message,
                    stage,
                    patient,
                    party,
                    address,
                    channel,
                    sender,
                    purpose,
                    urgency,
                    solicited,
                    bodyLength,
                    Besides.NOTHING);
        }

        public Proposal with(Besides besides) {
            return new Proposal(
                    intent,
                    message,
                    stage,
                    patient,
                    party,
                    address,
                    channel,
                    sender,
                    purpose,
                    urgency,
                    solicited,
                    bodyLength,
                    besides);
        }
    }

    /**
     * What most messages are not.
     *
     * @param courtesy none unless it confirms an opt-out, answers HELP or carries a one-time code
     * @param journey key of the journey that speaks: it may be a programme with a budget of its own (K2)
     * @param sensitive nobody but the patient, or who has authority for that, is told (K13)
     * @param callBack the unit whose office it asks to call back; none where it asks nobody to call (K11)
     * @param callBackLatest it goes without waiting for the office where that would be later
     * @param answers the evidence under which the ledger keeps a refusal in the very message it answers, which is not held against it; none
     *     for nearly all
     * @param unnamed it does not say who writes, as what goes without a recorded consent has to (K2)
     */
    record Besides(
            @Nullable Courtesy courtesy,
            @Nullable String journey,
            boolean sensitive,
            @Nullable OrgUnitId callBack,
            @Nullable Instant callBackLatest,
            @Nullable String answers,
            boolean unnamed) {

        public static final Besides NOTHING = new Besides(null, null, false, null, null, null, false);

        public static Besides courtesy(Courtesy courtesy) {
            return new Besides(courtesy, null, false, null, null, null, false);
        }

        /** Who writes of danger is told what to do, though they refuse messages in the same breath. */
        public static Besides answering(String evidence) {
            return new Besides(null, null, false, null, null, evidence, false);
        }
    }

    /** When the decision is taken. */
    enum Stage {
        QUEUE,
        SEND
    }

    /** @param until none unless it may go later */
    record Outlook(boolean may, @Nullable Instant until, String reason, String sentence) {}

    /** The answer; {@code sentence} can be read out to the patient it is about. */
    sealed interface Decision {
        UUID id();

        /** Code of the rule that decided, for example {@code K10.quiet-hours}. */
        String reason();

        String sentence();
    }

    record May(UUID id, String reason, String sentence) implements Decision {}

    record Later(UUID id, Instant until, String reason, String sentence) implements Decision {}

    record MayNot(UUID id, String reason, String sentence) implements Decision {}
}
