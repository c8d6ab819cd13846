package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.audit.Actor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional(propagation = Propagation.MANDATORY)
class JdbcIdentities implements Identities {

    private static final int MOST = 100;

    private final JdbcClient jdbc;
    private final JdbcPatientRecords records;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcIdentities(JdbcClient jdbc, JdbcPatientRecords records, ApplicationEventPublisher events, Clock clock) {
        this.jdbc = jdbc;
        this.records = records;
        this.events = events;
        this.clock = clock;
    }

    private record Standing(
            UUID id,
            UUID hospital,
            PatientStatus status,
            @Nullable UUID mergedInto) {}

    @Override
    public Outcome merge(PatientId duplicate, PatientId surviving, String reason) {
        Map<UUID, Standing> both = locked(duplicate, surviving);
        Standing from = both.get(duplicate.value());
        Standing into = both.get(surviving.value());
        String objection = duplicate.equals(surviving)
                ? "A record cannot be merged into itself."
                : from == null || into == null ? "One of the two records is not known." : objection(from, into);
        if (objection != null) {
            return new Outcome.Refused(objection);
        }
        jdbc.sql("update patient set status = 'merged', merged_into = :into, updated_at = :now where id = :id")
                .param("into", surviving.value())
                .param("now", now())
                .param("id", duplicate.value())
                .update();
        String before = from == null ? "" : from.status().code();
        happened(duplicate, "merged", surviving, reason, before);
        happened(surviving, "merged", duplicate, reason, null);
        return new Outcome.Done();
    }

    private static @Nullable String objection(Standing from, Standing into) {
        if (from.status() == PatientStatus.MERGED || into.status() == PatientStatus.MERGED) {
            return "One of the two records is merged already. Undo that first, or merge into the surviving record.";
        }
        if (from.status() == PatientStatus.DECEASED || into.status() == PatientStatus.DECEASED) {
            return from.status() == into.status()
                    ? null
                    : "One record says that the patient has died, the other does not. Settle that in the EHR first.";
        }
        if ((from.status() == PatientStatus.TEST) != (into.status() == PatientStatus.TEST)) {
            return "One of the two is a test patient; test patients never become real ones.";
        }
        if (into.status() == PatientStatus.DISPUTED) {
            return "It is not settled whose record the surviving one is. Settle that first.";
        }
        return from.hospital().equals(into.hospital())
                ? null
                : "The two records belong to different hospitals, each of which keeps its own.";
    }

    @Override
    public Outcome unmerge(PatientId duplicate, String reason) {
        Standing standing = locked(duplicate).get(duplicate.value());
        UUID into = standing == null ? null : standing.mergedInto();
        if (into == null) {
            return new Outcome.Refused("The record is not merged into another one.");
        }
        String before = jdbc.sql("""
                        select coalesce(detail ->> 'before', 'active') from identity_event
                        where patient_id = :id and kind = 'merged' and other_patient_id = :into and detail -> 'before' is not null
                        order by at desc, id desc limit 1""")
                .param("id", duplicate.value())
                .param("into", into)
                .query(String.class)
                .optional()
                .orElse(PatientStatus.ACTIVE.code());
        jdbc.sql("update patient set status = :before, merged_into = null, updated_at = :now where id = :id")
                .param("before", before)
                .param("now", now())
                .param("id", duplicate.value())
                .update();
        happened(duplicate, "unmerged", new PatientId(into), reason, null);
        happened(new PatientId(into), "unmerged", duplicate, reason, null);
        return new Outcome.Done();
    }

    @Override
    public Outcome freeze(PatientId patient, String reason) {
        Standing standing = locked(patient).get(patient.value());
        if (standing == null || standing.status() == PatientStatus.MERGED) {
            return new Outcome.Refused("The record is merged into another one; freeze that, or undo the merge first.");
        }
        if (standing.status() != PatientStatus.DISPUTED && standing.status() != PatientStatus.DECEASED) {
            status(patient, PatientStatus.DISPUTED);
            happened(patient, "disputed", null, reason, standing.status().code());
        }
        return new Outcome.Done();
    }

    @Override
    public Outcome settle(PatientId patient, String reason) {
        Standing standing = locked(patient).get(patient.value());
        PatientStatus status = standing == null ? null : standing.status();
        if (status == PatientStatus.DISPUTED) {
            status(patient, before(patient, "disputed"));
        } else if (status == PatientStatus.DECEASED && records.deathTakenBack(patient.value())) {
            status(patient, before(patient, JdbcPatientRecords.DIED));
        } else {
            return new Outcome.Refused(
                    status == PatientStatus.DECEASED
                            ? "The record says that the patient has died. Once the EHR takes that back, it can be settled here."
                            : "Nobody disputes whose record this is.");
        }
        happened(patient, "settled", null, reason, null);
        return new Outcome.Done();
    }

    /** What the record was before that happened to it, the last time that it was news. */
    private PatientStatus before(PatientId patient, String kind) {
        return PatientStatus.ofCode(jdbc.sql("""
                        select coalesce(detail ->> 'before', 'active') from identity_event
                        where patient_id = :id and kind = :kind
                        order by (kind <> 'died' or detail -> 'before' is not null) desc, at desc, id desc limit 1""")
                .param("id", patient.value())
                .param("kind", kind)
                .query(String.class)
                .optional()
                .orElse(PatientStatus.ACTIVE.code()));
    }

    private void status(PatientId patient, PatientStatus status) {
        jdbc.sql("update patient set status = :status, deceased_at = null, updated_at = :now where id = :id")
                .param("status", status.code())
                .param("now", now())
                .param("id", patient.value())
                .update();
    }

    @Override
    public List<PatientId> standsFor(PatientId surviving) {
        return Stream.concat(
                        Stream.of(surviving),
                        jdbc
                                .sql("select merged_group(?) as id")
                                .param(surviving.value())
                                .query(UUID.class)
                                .list()
                                .stream()
                                .filter(id -> !id.equals(surviving.value()))
                                .map(PatientId::new))
                .toList();
    }

    @Override
    public List<Happening> history(PatientId patient) {
        return jdbc.sql("""
                        select at, kind, actor, other_patient_id, detail ->> 'reason' as reason from identity_event
                        where patient_id = :id order by at desc, id desc limit :most""")
                .param("id", patient.value())
                .param("most", MOST)
                .query(JdbcIdentities::happening)
                .list();
    }

    private static Happening happening(ResultSet row, int number) throws SQLException {
        UUID other = row.getObject("other_patient_id", UUID.class);
        return new Happening(
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("kind"),
                row.getString("actor"),
                other == null ? null : new PatientId(other),
                row.getString("reason"));
    }

    /** In the order of their ids, so that two mergers of the same records wait for each other. */
    private Map<UUID, Standing> locked(PatientId... records) {
        var found = new HashMap<UUID, Standing>();
        Stream.of(records)
                .map(PatientId::value)
                .sorted()
                .distinct()
                .forEach(id -> jdbc.sql(
                                "select id, org_unit_id, status, merged_into from patient where id = ? for update")
                        .param(id)
                        .query(row -> {
                            found.put(
                                    id,
                                    new Standing(
                                            id,
                                            row.getObject("org_unit_id", UUID.class),
                                            PatientStatus.ofCode(row.getString("status")),
                                            row.getObject("merged_into", UUID.class)));
                        }));
        return found;
    }

    private void happened(
            PatientId patient, String kind, @Nullable PatientId other, String reason, @Nullable String before) {
        jdbc.sql("""
                insert into identity_event (id, patient_id, kind, other_patient_id, actor, at, detail)
                values (:id, :patient, :kind, :other, :actor, :now,
                    jsonb_strip_nulls(jsonb_build_object('reason', :reason::text, 'before', :before::text)))""")
                .param("id", TimeOrderedId.next())
                .param("patient", patient.value())
                .param("kind", kind)
                .param("other", other == null ? null : other.value(), java.sql.Types.OTHER)
                .param("actor", Actor.current().toString())
                .param("now", now())
                .param("reason", reason)
                .param("before", before, java.sql.Types.VARCHAR)
                .update();
        events.publishEvent(new IdentityChanged(patient));
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
