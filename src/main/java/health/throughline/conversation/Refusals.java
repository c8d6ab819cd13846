package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.channel.InboundMessage.Doubt;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.ConsentLedger.Manner;
import health.throughline.patient.AddressId;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Keeps what somebody refused wherever it holds: at the address it came from, as far as it is proven to come from there, and at the one
 * whose message it proves to answer, since mail is passed on (K3, K5).
 */
@Component
class Refusals {

    private final ConsentLedger ledger;

    Refusals(ConsentLedger ledger) {
        this.ledger = ledger;
    }

    /**
     * @param answered where the message went that it is said to answer
     * @param how by which it was said, for whoever it is proven to speak for
     * @param wording without card numbers
     */
    record Refusal(
            Channel channel,
            @Nullable Doubt doubt,
            AddressId from,
            Optional<AddressId> answered,
            String how,
            String wording,
            UUID inbound,
            Instant saidAt) {}

    /** Joins the caller's transaction. */
    void keep(Refusal said) {
        Optional<AddressId> answered = said.answered()
                .filter(where -> said.doubt() == null || said.doubt().provesWhatItAnswers());
        if (said.doubt() == null || !said.doubt().ofSender()) {
            Set<AddressId> both = new LinkedHashSet<>(Set.of(said.from()));
            answered.ifPresent(both::add);
            ledger.revokeAt(both, statement(said, said.how()));
            return;
        }
        ledger.revokeAt(Set.of(said.from()), statement(said, ConsentLedger.how(said.channel(), Manner.UNPROVEN)));
        answered.ifPresent(where -> ledger.revokeAt(Set.of(where), statement(said, said.how())));
    }

    private static ConsentLedger.Statement statement(Refusal said, String how) {
        return new ConsentLedger.Statement(
                how,
                "patient",
                said.wording(),
                "address",
                Replies.evidence(said.inbound().toString()),
                said.saidAt());
    }
}
