package health.throughline.consent;

import health.throughline.patient.AddressId;
import health.throughline.patient.ConsentStatements;
import health.throughline.patient.PartyId;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Keeps in the ledger what a source system says about consent. */
@Component
class StatedConsent implements ConsentStatements {

    private final ConsentLedger ledger;

    StatedConsent(ConsentLedger ledger) {
        this.ledger = ledger;
    }

    @Override
    public void stated(
            PartyId party,
            @Nullable AddressId address,
            @Nullable String purpose,
            boolean granted,
            Statement statement) {
        Purpose meant = purpose == null ? null : Purpose.ofCode(purpose);
        var said = new ConsentLedger.Statement(
                "ehr", statement.source(), statement.wording(), "", statement.evidence(), statement.saidAt());
        if (granted) {
            ledger.grant(party, address, meant, said);
        } else {
            ledger.revoke(party, address, meant, said);
        }
    }
}
