package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.audit.Actor;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.patient.PatientFeed.ContactPointsChanged;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JdbcNumbers implements Numbers {

    private static final List<Channel> BY_PHONE = List.of(Channel.SMS, Channel.VOICE);

    private final JdbcClient jdbc;
    private final JdbcAddresses addresses;
    private final Patients patients;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcNumbers(
            JdbcClient jdbc,
            JdbcAddresses addresses,
            Patients patients,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.addresses = addresses;
        this.patients = patients;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public Optional<AddressId> find(Channel channel, String value) {
        return addresses.existing(new Address(channel, JdbcAddresses.normalise(channel, value)));
    }

    @Override
    public Optional<String> normalised(Channel channel, String value) {
        try {
            return Optional.of(JdbcAddresses.normalise(channel, value));
        } catch (IllegalArgumentException noAddress) {
            return Optional.empty();
        }
    }

    @Override
    public List<PatientId> reachedBy(String phone) {
        return byPhone(phone)
                .map(patients::reachedAt)
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    private Stream<AddressId> byPhone(String phone) {
        return BY_PHONE.stream().map(channel -> find(channel, phone)).flatMap(Optional::stream);
    }

    @Override
    public boolean wrong(PatientId patient, String phone) {
        UUID[] meant = byPhone(phone).map(AddressId::value).toArray(UUID[]::new);
        int changed = jdbc.sql("""
                update contact_point set status = 'wrong_number', updated_at = :now
                where party_id = :party and address_id = any(:addresses) and status <> 'wrong_number'""")
                .param("now", now())
                .param("party", patients.partyOf(patient).value())
                .param("addresses", meant)
                .update();
        if (changed > 0) {
            share(meant);
            events.publishEvent(new ContactPointsChanged(patient));
        }
        return changed > 0;
    }

    @Override
    public boolean confidential(PatientId patient, @Nullable String value) {
        UUID[] meant = value == null
                ? new UUID[0]
                : (value.contains("@") ? find(Channel.EMAIL, value).stream() : byPhone(value))
                        .map(AddressId::value)
                        .toArray(UUID[]::new);
        UUID party = patients.partyOf(patient).value();
        boolean theirs = value == null
                || jdbc.sql("""
                        select exists (select 1 from contact_point
                                       where party_id = ? and address_id = any(?) and status = 'active')""").params(party, meant).query(Boolean.class).single();
        if (theirs) {
            jdbc.sql("""
                    update contact_point set confidential = address_id = any(:addresses), updated_at = :now
                    where party_id = :party and confidential <> (address_id = any(:addresses))""")
                    .param("addresses", meant)
                    .param("now", now())
                    .param("party", party)
                    .update();
            events.publishEvent(new ContactPointsChanged(patient));
        }
        return theirs;
    }

    @Override
    public void ended(PatientId patient, AddressId address) {
        int changed = jdbc.sql("""
                update contact_point set status = 'superseded', updated_at = :now
                where party_id = :party and address_id = :address and status = 'active'""")
                .param("now", now())
                .param("party", patients.partyOf(patient).value())
                .param("address", address.value())
                .update();
        if (changed > 0) {
            share(new UUID[] {address.value()});
            events.publishEvent(new ContactPointsChanged(patient));
        }
    }

    @Override
    public void link(PatientId patient, AddressId address, UUID evidence) {
        int changed = jdbc.sql("""
                insert into contact_point (id, party_id, patient_id, origin_patient_id, address_id, use, rank, source, observed_at, status,
                    updated_at)
                values (:id, :party, :patient, :patient, :address, 'mobile', 9, 'staff', :now, 'active', :now)
                on conflict (party_id, address_id) do update set status = 'active', source = 'staff', observed_at = excluded.observed_at,
                    updated_at = excluded.updated_at where contact_point.status <> 'active'""")
                .param("id", TimeOrderedId.next())
                .param("party", patients.partyOf(patient).value())
                .param("patient", patient.value())
                .param("address", address.value())
                .param("now", now())
                .update();
        if (changed == 0) {
            return;
        }
        share(new UUID[] {address.value()});
        jdbc.sql("""
                insert into identity_event (id, patient_id, kind, actor, at, detail)
                values (:id, :patient, 'linked', :actor, :now,
                    jsonb_build_object('address', :address::text, 'evidence', :evidence::text))""")
                .param("id", TimeOrderedId.next())
                .param("patient", patient.value())
                .param("actor", Actor.current().toString())
                .param("now", now())
                .param("address", address.toString())
                .param("evidence", evidence.toString())
                .update();
        events.publishEvent(new ContactPointsChanged(patient));
    }

    private void share(UUID[] touched) {
        jdbc.sql("""
                with reach as (
                    select c.address_id, count(distinct c.patient_id) filter (where c.status = 'active') > 1 as shared
                    from contact_point c where c.address_id = any(:addresses) group by c.address_id)
                update contact_point c set shared = r.shared from reach r
                where c.address_id = r.address_id and c.shared <> r.shared""").param("addresses", touched).update();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
