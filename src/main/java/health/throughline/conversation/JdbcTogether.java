package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.conversation.JdbcDispatch.Row;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What may be said together, what was, and why a message that may go went at another time. */
@Repository
class JdbcTogether {

    /** The rank of what is said: the first goes before the last. */
    private static final String[] PURPOSES = {"care", "operational", "billing", "marketing"};

    private final JdbcClient jdbc;
    private final Encryption encryption;

    JdbcTogether(JdbcClient jdbc, Encryption encryption) {
        this.jdbc = jdbc;
        this.encryption = encryption;
    }

    /** @param highest whether it was, or is, before the one asked for in rank */
    record Neighbour(Instant at, boolean highest) {}

    /** Not started, at the same address and of the same kind, due by then; kept from everybody else until the transaction ends. */
    List<Row> waitingWith(Row row, Instant until, int limit) {
        return jdbc.sql("""
                        select * from dispatch
                        where address_id = :address and state = 'queued' and together = :together and purpose = :purpose
                          and sender_id = :sender and due_at <= :until and held_by is null and withdrawn is null and message_id <> :message
                        order by due_at, message_id limit :limit
                        for update skip locked
                        """)
                .param("address", row.address())
                .param("together", row.together())
                .param("purpose", row.purpose())
                .param("sender", row.senderId())
                .param("until", utc(until))
                .param("message", row.message())
                .param("limit", limit)
                .query(JdbcDispatch::row)
                .list();
    }

    /** What another journey said last to the patient, or at the address. */
    Optional<Neighbour> saidSince(Row row, Instant since) {
        return jdbc.sql("""
                        select said.at, (array_position(:purposes, said.purpose), said.urgency_rank)
                            < (array_position(:purposes, cast(:purpose as text)), cast(:urgency as smallint)) as highest
                        from (
                            select sent_at as at, purpose, urgency_rank, journey_instance_id, message_id, carrier_id from dispatch
                            where address_id = :address and automated and sent_at > :since
                            union all
                            select sent_at, purpose, urgency_rank, journey_instance_id, message_id, carrier_id from dispatch
                            where patient_id = :patient and automated and sent_at > :since
                            union all
                            select unknown_since, purpose, urgency_rank, journey_instance_id, message_id, carrier_id from dispatch
                            where address_id = :address and automated and state = 'unknown' and unknown_since > :since
                            union all
                            select t.started_at, d.purpose, d.urgency_rank, d.journey_instance_id, d.message_id, d.carrier_id
                            from dispatch d join attempt t on t.id = d.attempt_id
                            where d.patient_id = :patient and d.automated and d.state = 'attempting' and t.started_at > :since) said
                        where said.journey_instance_id <> :journey
                          and not exists (select 1 from dispatch c where c.carrier_id = coalesce(said.carrier_id, said.message_id)
                            and c.journey_instance_id = :journey)
                        order by said.at desc limit 1
                        """)
                .param("purposes", PURPOSES)
                .param("purpose", row.purpose())
                .param("urgency", row.urgencyRank())
                .param("address", row.address())
                .param("patient", row.patient())
                .param("journey", row.journeyInstance())
                .param("since", utc(since))
                .query((r, n) -> new Neighbour(JdbcMessages.instant(r, "at"), r.getBoolean("highest")))
                .optional();
    }

    /** When the first of higher rank is due that another journey means to say before then. */
    Optional<Instant> moreImportantBefore(Row row, Instant now, Instant until) {
        return jdbc.sql("""
                        select greatest(min(w.due_at), :now) as at from (
                            select due_at, purpose, urgency_rank, journey_instance_id, expires_at from dispatch
                            where address_id = :address and state in ('queued', 'leased', 'attempting') and automated and held_by is null
                              and due_at < :until and message_id <> :message
                            union all
                            select due_at, purpose, urgency_rank, journey_instance_id, expires_at from dispatch
                            where patient_id = :patient and state in ('queued', 'leased') and automated and held_by is null
                              and due_at < :until and message_id <> :message) w
                        where w.journey_instance_id <> :journey and w.expires_at > :now
                          and (array_position(:purposes, w.purpose), w.urgency_rank)
                            < (array_position(:purposes, cast(:purpose as text)), cast(:urgency as smallint))
                        having min(w.due_at) is not null
                        """)
                .param("purposes", PURPOSES)
                .param("purpose", row.purpose())
                .param("urgency", row.urgencyRank())
                .param("address", row.address())
                .param("patient", row.patient())
                .param("journey", row.journeyInstance())
                .param("message", row.message())
                .param("now", utc(now))
                .param("until", utc(until))
                .query((r, n) -> JdbcMessages.instant(r, "at"))
                .optional();
    }

    void said(
            UUID attempt,
            UUID carrier,
            JdbcMessages.Message message,
            int position,
            String shown,
            @Nullable String wire,
            DataKeyId key,
            Instant now) {
        UUID id = TimeOrderedId.next();
        jdbc.sql("""
                        insert into said_together (id, attempt_id, message_id, carrier_id, patient_id, position, shown, wire, at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(Arrays.asList(
                        id,
                        attempt,
                        message.id(),
                        carrier,
                        java.util.Objects.requireNonNull(message.patient()).value(),
                        position,
                        encryption.encrypt(key, shownField(id), shown),
                        wire == null ? null : encryption.encrypt(key, wireField(id), wire),
                        utc(now)))
                .update();
    }

    static Encryption.Field shownField(UUID id) {
        return new Encryption.Field("said_together", "shown", id);
    }

    private static Encryption.Field wireField(UUID id) {
        return new Encryption.Field("said_together", "wire", id);
    }

    /** The words an attempt put on the wire where they were not the message's own. */
    Optional<String> wire(UUID attempt, DataKeyId key) {
        return jdbc.sql("select id, wire from said_together where attempt_id = ? and wire is not null")
                .param(attempt)
                .query((row, n) ->
                        encryption.decrypt(key, wireField(row.getObject("id", UUID.class)), row.getBytes("wire")))
                .optional();
    }

    /** @param until none unless it goes later */
    void timed(
            UUID message,
            UUID patient,
            String outcome,
            @Nullable Instant until,
            String reason,
            String sentence,
            @Nullable UUID becauseOf,
            Instant now) {
        jdbc.sql("""
                        insert into send_timing (id, message_id, patient_id, at, outcome, until_at, reason, sentence, because_of)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(Arrays.asList(
                        TimeOrderedId.next(),
                        message,
                        patient,
                        utc(now),
                        outcome,
                        until == null ? null : utc(until),
                        reason,
                        sentence,
                        becauseOf))
                .update();
    }
}
