package health.throughline.consent;

import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The append-only ledger of what people allowed and refused. The authority; a carrier's list is only evidence (K7). */
public interface ConsentLedger {

    /**
     * Appends a grant. A repeat of the same words changes nothing. It overrules a revocation only if it was said later and names what was
     * revoked: the address, where that was about an address; the purpose, where that was about a purpose. A grant of every purpose by
     * {@code sms-keyword} (a bare START) names nothing and overrules none (K6).
     *
     * @param purpose none means every purpose but marketing
     */
    void grant(PartyId party, @Nullable AddressId address, @Nullable Purpose purpose, Statement statement);

    /**
     * Appends a revocation, after locking the address, so that no attempt to it starts once the transaction commits (R13).
     *
     * @param party none when only the address is known: then everybody reached there is meant
     * @param purpose none means every purpose ("revoke all", K5)
     */
    void revoke(@Nullable PartyId party, @Nullable AddressId address, @Nullable Purpose purpose, Statement statement);

    /** The carrier refuses this address for this sender (Twilio 21610): recorded as an opt-out of the address (K7). Idempotent. */
    void blockedByCarrier(AddressId address, String sender, Instant when, String evidence);

    /**
     * The patient's START lifted the carrier's block of an earlier stop. Our ledger stays as it is: a grant that names what it restores has
     * to be recorded besides (K6). Does nothing where a later block stands. Idempotent.
     */
    void liftedByCarrier(AddressId address, String sender, Instant when);

    /** What a single word or an unmistakable carrier keyword means, exactly; none for anything longer (K3). Pure. */
    Keyword keyword(String text);

    /** All that was ever said by the party or about the addresses, newest first, at most 200. */
    List<Entry> history(PartyId party);

    /**
     * @param how {@code sms-keyword}, {@code sms-wording}, {@code intake-form}, {@code staff}, {@code carrier}, {@code ehr}
     * @param actor who took it down
     * @param wording the words themselves, stored encrypted; none where there were none
     * @param evidence an id that leads to the proof, for example the inbound message's
     */
    record Statement(
            String how, String actor, @Nullable String wording, String scope, String evidence, Instant saidAt) {}

    record Entry(String action, String purpose, String how, String scope, Instant saidAt, boolean wholeAddress) {}

    /** Exact carrier keywords. */
    enum Keyword {
        NONE,
        OPT_OUT,
        /** A bare CANCEL: an opt-out at the carrier whatever the patient meant (K4). */
        CANCEL,
        /** START, UNSTOP or a bare YES: it lifts the carrier's block; what a YES means besides, the open question decides (K6). */
        OPT_IN,
        HELP
    }
}
