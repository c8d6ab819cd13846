package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Which conversations a person has; while one is taken over, automation to that patient waits. */
@Repository
class JdbcTakeovers implements SendPause {

    static final String REASON = "taken-over";
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

    private final JdbcClient jdbc;

    JdbcTakeovers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Takeover(String by, Instant since) {}

    @Override
    public Optional<Pause> pause(UUID patient) {
        return inForce(new PatientId(patient)).map(takeover -> new Pause(REASON, LOOK_AGAIN));
    }

    Optional<Takeover> inForce(PatientId patient) {
        return jdbc.sql("select taken_by, taken_at from takeover where patient_id = ? and returned_at is null")
                .param(patient.value())
                .query((row, n) -> new Takeover(row.getString(1), JdbcMessages.instant(row, "taken_at")))
                .optional();
    }

    /** @return whose it is now: the asking person's, or that of whoever was faster */
    Takeover take(PatientId patient, String by, Instant now) {
        jdbc.sql("insert into takeover (id, patient_id, taken_by, taken_at) values (?, ?, ?, ?) on conflict do nothing")
                .params(TimeOrderedId.next(), patient.value(), by, utc(now))
                .update();
        return inForce(patient).orElseGet(() -> take(patient, by, now));
    }

    List<PatientId> lockForgotten(Instant silentSince, int limit) {
        return jdbc.sql("""
                        select t.patient_id from takeover t left join conversation c on c.patient_id = t.patient_id
                        where t.returned_at is null and greatest(t.taken_at, c.active_at) < ?
                        order by t.taken_at limit ? for update of t skip locked
                        """).params(utc(silentSince), limit).query(UUID.class).list().stream()
                .map(PatientId::new)
                .toList();
    }

    boolean giveBack(PatientId patient, String by, Instant now) {
        return jdbc.sql(
                                "update takeover set returned_at = ?, returned_by = ? where patient_id = ? and returned_at is null")
                        .params(utc(now), by, patient.value())
                        .update()
                == 1;
    }
}
