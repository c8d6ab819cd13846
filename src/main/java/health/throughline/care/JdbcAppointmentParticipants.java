package health.throughline.care;

import health.throughline.care.Appointments.Participant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps who takes part in an appointment, as its newest version says. */
@Repository
class JdbcAppointmentParticipants {

    private final JdbcClient jdbc;

    JdbcAppointmentParticipants(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void set(AppointmentId appointment, List<Participant> participants) {
        var byParty = new LinkedHashMap<UUID, Participant>();
        participants.forEach(one -> byParty.putIfAbsent(one.party().value(), one));
        var distinct = byParty.values();
        jdbc.sql("""
                with gone as (
                    delete from appointment_participant where appointment_id = :appointment and party_id <> all(:parties::uuid[]))
                insert into appointment_participant as p (appointment_id, party_id, kind, status)
                select :appointment, party, kind, status
                from unnest(:parties::uuid[], :kinds::text[], :statuses::text[]) as g (party, kind, status)
                on conflict (appointment_id, party_id) do update set kind = excluded.kind, status = excluded.status
                    where (p.kind, p.status) is distinct from (excluded.kind, excluded.status)""")
                .param("appointment", appointment.value())
                .param("parties", byParty.keySet().toArray(UUID[]::new))
                .param("kinds", distinct.stream().map(Participant::kind).toArray(String[]::new))
                .param("statuses", distinct.stream().map(Participant::status).toArray(String[]::new))
                .update();
    }
}
