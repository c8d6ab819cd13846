package health.throughline.patient;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Takes what a source system states about what somebody allowed or refused; {@code consent} keeps it in its ledger. */
public interface ConsentStatements {

    /**
     * Joins the caller's transaction. The same statement again changes nothing.
     *
     * @param address none means every address of the party
     * @param purpose {@code care}, {@code operational}, {@code billing}, {@code marketing}, or none for whatever the statement covers by
     *     default (see the ledger)
     */
    void stated(
            PartyId party, @Nullable AddressId address, @Nullable String purpose, boolean granted, Statement statement);

    /**
     * @param source the source system
     * @param evidence leads to the proof, for example {@code Consent/consent-7}
     * @param wording the words agreed to, where the source knows them
     */
    record Statement(
            String source, String evidence, @Nullable String wording, Instant saidAt) {}
}
