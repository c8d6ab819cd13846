package health.throughline.channel;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something a patient sent, its signature already checked.
 *
 * @param providerId unique at the provider for ever
 * @param to the sender id of ours that was written to (E.164, service id, mail address)
 * @param raw what came over the wire, kept encrypted
 * @param answers the attempt it answers, where the channel proves that (a key pressed in its call, a signed mail address); then it is
 *     about that message's question, whatever else is open
 * @param choice code of what was chosen where something was pressed and not written ({@code confirm}, {@code cancel}, {@code move},
 *     {@code question}, {@code opt-out}, {@code opt-out-unvouched}, {@code wrong-number}, {@code wrong-number-unvouched}); nobody needs to read the body then
 * @param automatic written by a machine (an absence note, a delivery notice): kept, never an answer
 * @param doubt why nothing but a refusal may be done by itself about it: a person has it
 * @param attached pictures and files that came with it, in their order
 */
public record InboundMessage(
        String provider,
        String providerId,
        Address from,
        String to,
        String body,
        String raw,
        Instant receivedAt,
        @Nullable AttemptId answers,
        @Nullable String choice,
        boolean automatic,
        @Nullable Doubt doubt,
        List<Attached> attached) {

    public InboundMessage {
        attached = List.copyOf(attached);
    }

    /** Why a person should look before anything is done. */
    public enum Doubt {
        /** Nothing proves that it comes from whom it names: its refusal reaches that address and no further. */
        UNPROVEN("unproven"),
        /** The same, and one of too many under that address. */
        UNPROVEN_AND_MANY("unproven-and-many"),
        /**
         * It came to the return address of a mail of ours to somebody else than it names, and nothing proves that it comes from there: it
         * may answer what that mail asked and nothing else, and its refusal reaches where that mail went, whole, and the address it names
         * as one that nothing proves.
         */
        ELSEWHERE("elsewhere"),
        /** The same, but the check of its sender failed, a machine may have written it or it could not be read whole: it answers nothing. */
        ELSEWHERE_IN_DOUBT("elsewhere-in-doubt"),
        /** It reads like a machine's, or is one of too many, and nothing else says that it is one. */
        MAY_BE_AUTOMATIC("may-be-automatic"),
        /** Some of what was written could not be read. */
        INCOMPLETE("incomplete");

        private final String code;

        Doubt(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }

        /** Whether nothing proves that it comes from whom it names. */
        public boolean ofSender() {
            return this == UNPROVEN || this == UNPROVEN_AND_MANY || isFromElsewhere();
        }

        public boolean isFromElsewhere() {
            return this == ELSEWHERE || this == ELSEWHERE_IN_DOUBT;
        }

        /** Whether what it is said to answer is proven. */
        public boolean provesWhatItAnswers() {
            return this != UNPROVEN;
        }

        /** Whether it may be one of many that two machines write to each other. */
        public boolean ofMachines() {
            return this == MAY_BE_AUTOMATIC || this == UNPROVEN_AND_MANY;
        }

        public static Doubt ofCode(String code) {
            return Arrays.stream(values())
                    .filter(doubt -> doubt.code.equals(code))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("No such doubt: " + code));
        }
    }

    /** Words only, and doubted. */
    public InboundMessage(
            String provider,
            String providerId,
            Address from,
            String to,
            String body,
            String raw,
            Instant receivedAt,
            @Nullable AttemptId answers,
            @Nullable String choice,
            boolean automatic,
            @Nullable Doubt doubt) {
        this(provider, providerId, from, to, body, raw, receivedAt, answers, choice, automatic, doubt, List.of());
    }

    /** Words only. */
    public InboundMessage(
            String provider,
            String providerId,
            Address from,
            String to,
            String body,
            String raw,
            Instant receivedAt,
            @Nullable AttemptId answers,
            @Nullable String choice,
            boolean automatic) {
        this(provider, providerId, from, to, body, raw, receivedAt, answers, choice, automatic, null);
    }

    /** The same with what came besides. */
    public InboundMessage with(List<Attached> others) {
        return new InboundMessage(
                provider, providerId, from, to, body, raw, receivedAt, answers, choice, automatic, doubt, others);
    }

    /** Written by a person, about whatever is open. */
    public InboundMessage(
            String provider, String providerId, Address from, String to, String body, String raw, Instant receivedAt) {
        this(provider, providerId, from, to, body, raw, receivedAt, null, null, false);
    }
}
