package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

@Repository
class JdbcConversationHistory implements ConversationHistory {

    private static final Set<String> NOT_YET_SENT = Set.of("queued", "leased");

    /** The decision of the latest attempt, else the one that let the message be meant. */
    private static final String MESSAGES = """
            select m.id, m.created_at, m.body, m.channel, m.author_kind, m.author, m.journey_instance_id, d.state, d.due_at, d.sent_at,
                d.reason, t.key as template, w.id as together, w.shown,
                (select coalesce(json_agg(json_build_object('at', e.at, 'what', e.outcome) order by e.at), '[]')
                    from engagement e where e.message_id = m.id and e.outcome not in ('sent', 'not-sent')) as tracked,
                concat_ws(' ', coalesce(
                    (select s.sentence from send_decision s where s.message_id = m.id order by s.decided_at desc limit 1),
                    (select s.sentence from send_decision s where s.id = m.decision_id)),
                    (select g.sentence from send_timing g where g.message_id = m.id order by g.at desc, g.id desc limit 1)) as why
            from message m
            join dispatch d on d.message_id = m.id
            left join said_together w on w.message_id = m.id and w.attempt_id = d.attempt_id and d.state not in ('queued', 'leased')
            left join template_version t on t.id = m.template_version
            """;

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<List<Tracked>> TRACKED = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final Patients patients;
    private final JdbcAttachments attachments;

    JdbcConversationHistory(JdbcClient jdbc, Encryption encryption, Patients patients, JdbcAttachments attachments) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.patients = patients;
        this.attachments = attachments;
    }

    @Override
    @Transactional(readOnly = true)
    public List<Entry> of(PatientId patient, Instant before, int limit) {
        List<Entry> entries = new ArrayList<>(messages(patient, before, limit));
        entries.addAll(withAttachments(replies(patient, before, limit)));
        entries.sort(Comparator.comparing(Entry::at).reversed());
        return entries;
    }

    @Override
    @Transactional(readOnly = true)
    public List<Disclosure> disclosures(PatientId patient) {
        DataKeyId key = patients.keyOf(patient);
        return jdbc.sql("""
                        select m.id, m.created_at, m.body, m.channel, m.address_id, d.state, d.sent_at, t.key as template,
                            w.id as together, w.shown
                        from message m join dispatch d on d.message_id = m.id
                        left join said_together w on w.message_id = m.id and w.attempt_id = d.attempt_id
                        left join template_version t on t.id = m.template_version
                        where m.patient_id = ? and d.state in ('attempting', 'accepted', 'sent', 'delivered', 'read', 'undelivered', 'unknown')
                        order by m.created_at desc limit 500
                        """)
                .param(patient.value())
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    String value = patients.address(new AddressId(row.getObject("address_id", UUID.class)))
                            .value();
                    return new Disclosure(
                            id,
                            Optional.ofNullable(row.getObject("sent_at", OffsetDateTime.class))
                                    .orElse(row.getObject("created_at", OffsetDateTime.class))
                                    .toInstant(),
                            row.getString("channel"),
                            "…" + value.substring(Math.max(0, value.length() - 4)),
                            row.getString("template"),
                            row.getString("state"),
                            OneTimeCodes.shown(row.getString("template"), body(key, id, row)));
                })
                .list();
    }

    /** With what was said at an address before it was found out whose it is. */
    private List<Entry> messages(PatientId patient, Instant before, int limit) {
        List<Entry> entries = new ArrayList<>(said(
                patients.keyOf(patient),
                "m.patient_id = :patient and coalesce(d.sent_at, m.created_at) < :before",
                patient,
                before,
                limit));
        entries.addAll(said(encryption.systemKey(), """
                d.patient_id is null and m.patient_id is null and d.address_id in (
                    select e.address_id from sender_event e where e.kind = 'linked' and e.patient_id = :patient
                        and e.at >= m.created_at)
                and coalesce(d.sent_at, m.created_at) < :before""", patient, before, limit));
        return entries;
    }

    private List<Entry> said(DataKeyId key, String where, PatientId patient, Instant before, int limit) {
        return jdbc.sql(MESSAGES + " where " + where + " order by m.created_at desc limit :limit")
                .param("patient", patient.value())
                .param("before", utc(before))
                .param("limit", limit)
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    String state = row.getString("state");
                    boolean planned = NOT_YET_SENT.contains(state);
                    OffsetDateTime at = planned
                            ? row.getObject("due_at", OffsetDateTime.class)
                            : Optional.ofNullable(row.getObject("sent_at", OffsetDateTime.class))
                                    .orElse(row.getObject("created_at", OffsetDateTime.class));
                    return new Entry(
                            id,
                            at.toInstant(),
                            false,
                            row.getString("author_kind"),
                            row.getString("author"),
                            row.getString("channel"),
                            OneTimeCodes.shown(row.getString("template"), body(key, id, row)),
                            state,
                            row.getString("template"),
                            null,
                            row.getString("why"),
                            planned,
                            row.getObject("journey_instance_id", UUID.class),
                            JSON.readValue(row.getString("tracked"), TRACKED),
                            List.of());
                })
                .list();
    }

    /** As it was said: where it went in one with others, its own line of that and nobody else's. */
    private String body(DataKeyId key, UUID message, ResultSet row) throws SQLException {
        UUID together = row.getObject("together", UUID.class);
        return together == null
                ? encryption.decrypt(key, JdbcMessages.bodyField(message), row.getBytes("body"))
                : encryption.decrypt(key, JdbcTogether.shownField(together), row.getBytes("shown"));
    }

    private List<Entry> replies(PatientId patient, Instant before, int limit) {
        DataKeyId key = encryption.systemKey();
        return jdbc.sql("""
                        select i.id, i.received_at, i.body, i.channel, w.state, w.meaning, w.reason, w.journey_instance_id
                        from inbound_work w join inbound i on i.id = w.inbound_id and i.received_at = w.received_at
                        where w.patient_id = ? and w.received_at < ?
                        order by w.received_at desc limit ?
                        """)
                .params(patient.value(), utc(before), limit)
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    return new Entry(
                            id,
                            JdbcMessages.instant(row, "received_at"),
                            true,
                            "patient",
                            "",
                            row.getString("channel"),
                            encryption.decrypt(key, JdbcInbox.bodyField(id), row.getBytes("body")),
                            row.getString("state"),
                            null,
                            row.getString("meaning"),
                            row.getString("reason"),
                            false,
                            row.getObject("journey_instance_id", UUID.class),
                            List.of(),
                            List.of());
                })
                .list();
    }

    private List<Entry> withAttachments(List<Entry> replies) {
        Map<UUID, List<Attachment>> found =
                attachments.of(replies.stream().map(Entry::id).toList());
        return replies.stream()
                .map(reply -> reply.with(found.getOrDefault(reply.id(), List.of())))
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public List<Said> ofJourney(UUID journeyInstance) {
        return jdbc.sql(MESSAGES + " where m.journey_instance_id = ? order by m.created_at desc limit 100")
                .param(journeyInstance)
                .query((row, n) -> new Said(
                        row.getObject("id", UUID.class),
                        JdbcMessages.instant(row, "created_at"),
                        String.valueOf(row.getString("template")),
                        row.getString("channel"),
                        row.getString("state"),
                        row.getString("why")))
                .list();
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<String> inboundText(UUID inbound) {
        return jdbc.sql("select body from inbound where id = ?")
                .param(inbound)
                .query(byte[].class)
                .optional()
                .map(body -> encryption.decrypt(encryption.systemKey(), JdbcInbox.bodyField(inbound), body));
    }
}
