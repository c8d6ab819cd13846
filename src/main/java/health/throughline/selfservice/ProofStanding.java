package health.throughline.selfservice;

import health.throughline.access.AccessScope;
import health.throughline.channel.Address;
import health.throughline.channel.BrowserSubscriptions;
import health.throughline.channel.ChatStanding;
import health.throughline.encryption.KeyedHash;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Whether what was opened with a proof of who somebody is may stay open. It may not once the record was frozen, merged or parted, or once an
 * address by which they are told apart was replaced, called wrong, or given as the only one that may be used (K8, K9): whoever it is shows
 * it again. Asked at each look, so that no way by which a record changes is missed.
 */
@Component
class ProofStanding implements ChatStanding {

    private final JdbcClient jdbc;
    private final KeyedHash hash;
    private final Patients patients;
    private final TransactionTemplate transaction;

    ProofStanding(JdbcClient jdbc, KeyedHash hash, Patients patients, TransactionTemplate transaction) {
        this.hash = hash;
        this.jdbc = jdbc;
        this.patients = patients;
        this.transaction = transaction;
    }

    /** Joins the caller's transaction. */
    boolean stands(PatientId patient, Instant since) {
        return jdbc.sql("""
                        select exists (select 1 from patient p where p.id = :patient and p.status in ('active', 'test'))
                           and not exists (select 1 from page_try t where t.key_hash = :closed and t.since >= :since)
                           and not exists (select 1 from identity_event e where e.patient_id = :patient and e.at >= :since
                               and e.kind in ('merged', 'unmerged', 'disputed', 'settled'))
                           and not exists (select 1 from contact_point c join address a on a.id = c.address_id
                               where a.channel in ('sms', 'voice', 'email') and c.updated_at >= :since
                                 and (c.status <> 'active' or c.confidential)
                                 and c.party_id in (
                                     select y.id from party y where y.patient_id in (select merged_group(:patient))
                                     union
                                     select r.party_id from relationship r where r.patient_id in (select merged_group(:patient))))
                        """)
                .param("patient", patient.value())
                .param("closed", closed(patient))
                .param("since", since.atOffset(ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    /** What is open now stands no more, though nothing else says so. Joins the caller's transaction. */
    void close(PatientId patient, Instant now) {
        jdbc.sql("""
                        insert into page_try (key_hash, tries, since) values (?, 1, ?)
                        on conflict (key_hash) do update set since = greatest(page_try.since, excluded.since)
                        """).params(closed(patient), now.atOffset(ZoneOffset.UTC)).update();
    }

    private byte[] closed(PatientId patient) {
        return hash.of("page_try.closed", patient.toString());
    }

    /** In which the very record is told that something waits, and since when. Joins the caller's transaction. */
    Map<AddressId, Instant> browsers(PatientId record) {
        Map<AddressId, Instant> since = new LinkedHashMap<>();
        jdbc.sql("""
                        select c.address_id, c.observed_at from contact_point c
                        join address a on a.id = c.address_id join party y on y.id = c.party_id
                        where y.patient_id = :patient and a.channel = :push and c.status = 'active' order by c.id
                        """)
                .param("patient", record.value())
                .param("push", BrowserSubscriptions.PUSH.code())
                .query(row -> {
                    since.put(
                            new AddressId(row.getObject("address_id", UUID.class)),
                            row.getObject("observed_at", OffsetDateTime.class).toInstant());
                });
        return since;
    }

    @Override
    public boolean stands(Address visitor, Instant since) {
        return Objects.requireNonNull(AccessScope.system()
                .run(() -> transaction.execute(status -> {
                    List<PatientId> linked =
                            patients.reachedAt(patients.addressOfSender(visitor.channel(), visitor.value()));
                    return linked.size() == 1 && stands(linked.getFirst(), since);
                })));
    }
}
