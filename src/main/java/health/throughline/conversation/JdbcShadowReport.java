package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcShadowReport implements ShadowReport {

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final Patients patients;
    private final Organization organization;

    JdbcShadowReport(JdbcClient jdbc, Encryption encryption, Patients patients, Organization organization) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.patients = patients;
        this.organization = organization;
    }

    @Override
    @Transactional(readOnly = true)
    public Counts counts(OrgUnitId unit, Instant since) {
        String zone =
                organization.find(unit).map(OrgUnit::zone).map(Object::toString).orElse("UTC");
        List<Line> lines = new ArrayList<>(wouldGo(unit, since));
        int wouldGo = lines.stream().mapToInt(Line::count).sum();
        lines.addAll(refused(unit, since));
        int waiting = jdbc.sql("select count(*) from dispatch where org_unit_id = ? and state in ('queued', 'leased')")
                .param(unit.value())
                .query(Integer.class)
                .single();
        List<Day> days = jdbc.sql("""
                        select (shadow_at at time zone :zone)::date as day, count(*) from dispatch
                        where org_unit_id = :unit and shadow_at >= :since group by 1 order by 1
                        """)
                .param("zone", zone)
                .param("unit", unit.value())
                .param("since", utc(since))
                .query((row, n) -> new Day(row.getObject(1, LocalDate.class), row.getInt(2)))
                .list();
        return new Counts(wouldGo, waiting, lines, days);
    }

    private List<Line> wouldGo(OrgUnitId unit, Instant since) {
        return jdbc.sql("""
                        select coalesce(d.journey_key, '') as journey, coalesce(v.key, '') as template, count(*)
                        from dispatch d join message m on m.id = d.message_id and m.created_at = d.message_created_at
                        left join template_version v on v.id = m.template_version
                        where d.org_unit_id = :unit and d.shadow_at >= :since group by 1, 2 order by 3 desc, 1, 2
                        """)
                .param("unit", unit.value())
                .param("since", utc(since))
                .query((row, n) -> new Line(row.getString(1), row.getString(2), "would-go", row.getInt(3)))
                .list();
    }

    /** What consent refused, before it was written or as it was about to go. */
    private List<Line> refused(OrgUnitId unit, Instant since) {
        return jdbc.sql("""
                        select i.journey_key, s.reason, count(*) from send_decision s
                        join journey_instance i on i.id::text = split_part(s.intent, ':', 1)
                        where i.org_unit_id = :unit and s.outcome = 'may_not' and s.decided_at >= :since
                        group by 1, 2 order by 3 desc, 1, 2
                        """)
                .param("unit", unit.value())
                .param("since", utc(since))
                .query((row, n) -> new Line(row.getString(1), "", row.getString(2), row.getInt(3)))
                .list();
    }

    @Override
    @Transactional(readOnly = true)
    public List<Message> messages(OrgUnitId unit, Instant since, @Nullable UUID after, int limit) {
        return jdbc.sql("""
                        select d.message_id, d.patient_id, d.shadow_at, d.journey_key, d.reason, m.locale, m.body,
                               coalesce(v.key, '') as template,
                               (select s.sentence from send_decision s where s.message_id = d.message_id and s.stage = 'send'
                                order by s.decided_at desc limit 1) as why
                        from dispatch d join message m on m.id = d.message_id and m.created_at = d.message_created_at
                        left join template_version v on v.id = m.template_version
                        where d.org_unit_id = :unit and d.shadow_at >= :since and d.patient_id is not null
                          and (cast(:after as uuid) is null or (d.shadow_at, d.message_id) <
                               (select a.shadow_at, a.message_id from dispatch a where a.message_id = cast(:after as uuid)))
                        order by d.shadow_at desc, d.message_id desc limit :limit
                        """)
                .param("unit", unit.value())
                .param("since", utc(since))
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> {
                    UUID id = row.getObject("message_id", UUID.class);
                    UUID patient = row.getObject("patient_id", UUID.class);
                    return new Message(
                            id,
                            patient,
                            JdbcMessages.instant(row, "shadow_at"),
                            row.getString("journey_key"),
                            row.getString("template"),
                            row.getString("locale"),
                            encryption.decrypt(
                                    patients.keyOf(new PatientId(patient)),
                                    JdbcMessages.bodyField(id),
                                    row.getBytes("body")),
                            row.getString("reason"),
                            row.getString("why"));
                })
                .list();
    }
}
