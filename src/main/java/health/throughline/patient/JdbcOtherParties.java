package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientFeed.PartyRecord;
import java.time.Clock;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcOtherParties implements Parties {

    private final JdbcParties parties;
    private final JdbcClient jdbc;
    private final Clock clock;

    JdbcOtherParties(JdbcParties parties, JdbcClient jdbc, Clock clock) {
        this.parties = parties;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public PartyId staff(AddressId phone, OrgUnitId unit, String name) {
        return reachedAt(
                phone,
                parties.other(
                        new PartyRecord("staff", "on-call:" + unit + ":" + phone.value(), "practitioner", unit, name)),
                "staff");
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public PartyId unknownSender(AddressId address, OrgUnitId unit) {
        return reachedAt(
                address,
                parties.other(new PartyRecord(
                        "patient", "sender:" + address.value(), "related_person", unit, "Unknown sender")),
                "patient");
    }

    private PartyId reachedAt(AddressId address, PartyId party, String source) {
        jdbc.sql("""
                insert into contact_point (id, party_id, address_id, use, source, observed_at, updated_at)
                values (:id, :party, :address, 'work', :source, :now, :now)
                on conflict (party_id, address_id) do update set status = 'active', updated_at = excluded.updated_at
                    where contact_point.status <> 'active'""")
                .param("id", TimeOrderedId.next())
                .param("party", party.value())
                .param("address", address.value())
                .param("source", source)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return party;
    }
}
