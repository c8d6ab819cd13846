package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** What came of every message and reply, by channel and local hour, from the first day: later learning needs history. */
@Repository
class Engagements implements EngagementReport {

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

    void replied(
            @Nullable UUID patient, JdbcInbound.Means means, String meaning, @Nullable UUID answered, Instant when) {
        insert(null, patient, means.channel(), null, meaning, answered, means.pressed() ? "chose" : "replied", when);
    }

    @Override
    @Transactional(readOnly = true)
    public List<OfChannel> of(Instant from, Instant to) {
        return jdbc.sql("""
                        select channel,
                            count(distinct message_id) filter (where outcome = 'sent') as sent,
                            count(distinct message_id) filter (where outcome = 'delivered') as delivered,
                            count(distinct message_id) filter (where outcome = 'read') as read,
                            count(distinct message_id) filter (where outcome = 'opened') as opened,
                            count(distinct message_id) filter (where outcome = 'clicked') as clicked,
                            count(*) filter (where outcome = 'replied') as replied,
                            count(*) filter (where outcome = 'chose') as chose,
                            count(distinct message_id) filter (where outcome = 'undelivered') as undelivered,
                            count(distinct message_id) filter (where outcome = 'not-sent') as not_sent
                        from engagement where at >= ? and at < ? group by channel order by channel
                        """).params(utc(from), utc(to)).query(OfChannel.class).list();
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
