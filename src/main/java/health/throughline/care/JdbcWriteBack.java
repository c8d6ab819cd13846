package health.throughline.care;

import health.throughline.TimeOrderedId;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The queue {@code ehr_write}. Answers about one visit are told one after the other, in the order in which they were given. */
@Repository
class JdbcWriteBack implements WriteBack, EhrWrites {

    private final JdbcClient jdbc;
    private final JdbcAppointmentRows appointments;
    private final EhrSettings settings;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcWriteBack(
            JdbcClient jdbc,
            JdbcAppointmentRows appointments,
            EhrSettings settings,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.appointments = appointments;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean tell(Request request) {
        if (settings.url() == null) {
            return false;
        }
        Appointment appointment = request.appointment();
        OffsetDateTime now = utc(clock.instant());
        jdbc.sql("""
                insert into ehr_write (id, key, appointment_id, revision, patient_id, org_unit_id, answer, answered_at, journey_instance_id,
                    process_instance_id, state, due_at, created_at)
                values (:id, :key, :appointment, :revision, :patient, :unit, :answer, :answered, :journey, :process, 'queued', :now, :now)
                on conflict (key) do nothing""")
                .param("id", TimeOrderedId.next())
                .param("key", request.key())
                .param("appointment", appointment.id().value())
                .param("revision", appointment.revision())
                .param("patient", appointment.patient().value())
                .param("unit", appointment.orgUnit().value())
                .param("answer", request.answer().code())
                .param("answered", utc(request.answeredAt()))
                .param("journey", request.journeyInstance())
                .param("process", request.processInstance())
                .param("now", now)
                .update();
        return true;
    }

    @Override
    @Transactional
    public List<Write> claim(int limit) {
        Instant now = clock.instant();
        return jdbc.sql("""
                update ehr_write w set due_at = :until, tries = w.tries + 1
                from (select c.id from ehr_write c
                      where c.state = 'queued' and c.due_at <= :now
                          and not exists (select 1 from ehr_write o
                              where o.appointment_id = c.appointment_id and o.state = 'queued' and o.id < c.id)
                      order by c.due_at limit :limit for update of c skip locked) due, appointment a
                where w.id = due.id and a.id = w.appointment_id
                returning w.id, w.answer, w.answered_at, w.tries, w.due_at, a.external_id, a.source, a.start_at,
                    not exists (select 1 from appointment_event e where e.appointment_id = a.id and e.revision > w.revision
                        and e.kind in ('moved', 'changed', 'cancelled', 'removed')) as same,
                    a.status in ('booked', 'pending') as stands,
                    (select r.external_id from source_record r where r.patient_id = w.patient_id and r.type = 'Patient'
                        and r.source = a.source order by r.received_at desc limit 1) as patient_external_id""")
                .param("until", utc(now.plus(settings.lease())))
                .param("now", utc(now))
                .param("limit", limit)
                .query(JdbcWriteBack::write)
                .list();
    }

    @Override
    @Transactional
    public void later(Write write, Duration wait, String reason) {
        jdbc.sql("update ehr_write set due_at = :due, reason = :reason where id = :id and state = 'queued'")
                .param("due", utc(clock.instant().plus(wait)))
                .param("reason", reason)
                .param("id", write.id())
                .update();
    }

    @Override
    @Transactional
    public void overtaken(Write write) {
        jdbc.sql("""
                update ehr_write set state = 'overtaken', reason = 'visit-changed', settled_at = :now
                where id = :id and state = 'queued'""").param("now", utc(clock.instant())).param("id", write.id()).update();
    }

    @Override
    @Transactional
    public void settle(Write write, EhrAnswered.Result result, String reason) {
        Instant now = clock.instant();
        Optional<EhrAnswered> settled = jdbc.sql("""
                update ehr_write set state = :state, reason = :reason, settled_at = :now where id = :id and state = 'queued'
                returning *""")
                .param("state", result.code())
                .param("reason", reason)
                .param("now", utc(now))
                .param("id", write.id())
                .query((row, n) -> answered(row, result))
                .optional();
        settled.ifPresent(answered -> {
            appointments.told(answered.appointment(), result, now);
            events.publishEvent(answered);
        });
    }

    private static EhrAnswered answered(ResultSet row, EhrAnswered.Result result) throws SQLException {
        return new EhrAnswered(
                row.getObject("id", UUID.class),
                new AppointmentId(row.getObject("appointment_id", UUID.class)),
                new PatientId(row.getObject("patient_id", UUID.class)),
                new OrgUnitId(row.getObject("org_unit_id", UUID.class)),
                Appointment.Answer.ofCode(row.getString("answer")),
                result,
                row.getObject("journey_instance_id", UUID.class),
                row.getString("process_instance_id"));
    }

    private static Write write(ResultSet row, int number) throws SQLException {
        return new Write(
                row.getObject("id", UUID.class),
                row.getString("external_id"),
                row.getString("patient_external_id"),
                Appointment.Answer.ofCode(row.getString("answer")),
                row.getObject("answered_at", OffsetDateTime.class).toInstant(),
                instant(row, "start_at"),
                row.getBoolean("same"),
                row.getBoolean("stands"),
                row.getInt("tries"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
