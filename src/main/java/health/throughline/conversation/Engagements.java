package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What came of every message and reply, by channel and local hour, from the first day: later learning needs history. */
@Repository
class Engagements {

    private final JdbcClient jdbc;
    private final Patients patients;

    Engagements(JdbcClient jdbc, Patients patients) {
        this.jdbc = jdbc;
        this.patients = patients;
    }

    void happened(JdbcMessages.Message message, String outcome, Instant when) {
        PatientId patient = message.patient();
        if (patient == null) {
            return;
        }
        ZoneId zone = patients.find(patient).map(PatientProfile::zone).orElse(null);
        insert(
                message.party().value(),
                patient.value(),
                message.channel().code(),
                zone == null ? null : when.atZone(zone).getHour(),
                message.question(),
                message.id(),
                outcome,
                when);
    }

    void replied(@Nullable UUID patient, String channel, String meaning, Instant when) {
        insert(null, patient, channel, null, meaning, null, "replied", when);
    }

    void called(PatientProfile patient, String outcome, Instant when) {
        ZoneId zone = patient.zone();
        insert(
                patient.party().value(),
                patient.id().value(),
                "voice",
                zone == null ? null : when.atZone(zone).getHour(),
                "call",
                null,
                outcome,
                when);
    }

    private void insert(
            @Nullable UUID party,
            @Nullable UUID patient,
            String channel,
            @Nullable Integer localHour,
            @Nullable String intent,
            @Nullable UUID message,
            String outcome,
            Instant when) {
        jdbc.sql("""
                        insert into engagement (id, at, party_id, patient_id, channel, local_hour, intent, message_id, outcome)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(Arrays.asList(
                        TimeOrderedId.next(), utc(when), party, patient, channel, localHour, intent, message, outcome))
                .update();
    }
}
