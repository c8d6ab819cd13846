package health.throughline.care;

import health.throughline.patient.PatientId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcAppointmentHistory implements AppointmentHistory {

    private final JdbcClient jdbc;

    JdbcAppointmentHistory(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    @Transactional(readOnly = true)
    public List<Happening> of(PatientId patient, Instant before, int limit) {
        return jdbc.sql("""
                        select e.id, e.appointment_id, e.kind, e.received_at, a.source, a.zone,
                            coalesce((e.detail ->> 'startLocal')::timestamp, a.start_local) as start_local,
                            coalesce((e.detail ->> 'location')::uuid, a.location_id) as location_id,
                            coalesce(e.detail ->> 'answer', a.answer) as answer
                        from appointment_event e join appointment a on a.id = e.appointment_id
                        where a.patient_id = ? and e.received_at < ? and e.kind <> 'stale'
                        order by e.received_at desc limit ?
                        """)
                .params(patient.value(), before.atOffset(ZoneOffset.UTC), limit)
                .query((row, n) -> new Happening(
                        row.getObject("id", UUID.class),
                        row.getObject("appointment_id", UUID.class),
                        row.getString("kind"),
                        row.getObject("received_at", OffsetDateTime.class).toInstant(),
                        row.getString("source"),
                        row.getObject("start_local", LocalDateTime.class),
                        row.getString("zone"),
                        row.getObject("location_id", UUID.class),
                        row.getString("answer")))
                .list();
    }
}
