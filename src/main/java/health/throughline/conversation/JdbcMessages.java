package health.throughline.conversation;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import health.throughline.consent.Purpose;
import health.throughline.consent.Urgency;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The message, its thread and its intent: written once, never changed. */
@Repository
class JdbcMessages {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> PARTS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final Encryption encryption;

    JdbcMessages(JdbcClient jdbc, Encryption encryption) {
        this.jdbc = jdbc;
        this.encryption = encryption;
    }

    /** A message as stored, its body still encrypted. */
    record Message(
            UUID id,
            Instant createdAt,
            String intent,
            PartyId party,
            @Nullable PatientId patient,
            OrgUnitId orgUnit,
            AddressId address,
            Channel channel,
            String senderId,
            Purpose purpose,
            Urgency urgency,
            boolean solicited,
            String locale,
            byte[] body,
            byte @Nullable [] parts,
            int units,
            Instant expiresAt,
            @Nullable UUID journeyInstance,
            @Nullable String processInstance,
            @Nullable String subjectType,
            @Nullable UUID subject,
            @Nullable Integer subjectRevision,
            @Nullable String question,
            @Nullable Instant questionUntil,
            @Nullable LocalDateTime questionAbout,
            boolean byPerson,
            String author,
            @Nullable String journeyKey,
            boolean sensitive,
            boolean asksToCall) {

        /** What the guards are asked about: its own patient, or another one of the same phone. */
        SendGuard.About about(PatientId patient) {
            return new SendGuard.About(patient.value(), journeyInstance, subjectType, subject, subjectRevision);
        }

        /** Somebody wrote of danger and is told at once what to do: whoever they are, wherever they are. */
        boolean answersDanger() {
            return urgency == Urgency.URGENT && solicited;
        }
    }

    /** Everything a new message is, beside what the row itself decides. */
    record Draft(
            UUID id,
            Conversations.Saying saying,
            UUID thread,
            PartyId party,
            AddressId address,
            Channel channel,
            Text text,
            boolean solicited,
            String body,
            Map<String, String> parts,
            int units,
            Instant notBefore,
            UUID decision,
            boolean toStaff,
            boolean sensitive,
            @Nullable String together) {

        /** Said by a journey of its own accord: no answer, nothing urgent. */
        boolean automated() {
            return saying.origin() != null
                    && !solicited
                    && text.urgency() != Urgency.URGENT
                    && saying.author().kind() != Conversations.Author.Kind.PERSON;
        }
    }

    /** The message that was meant then, and the channel it goes by. */
    record Meant(MessageId id, Channel channel) {}

    Optional<Meant> ofIntent(String intent) {
        return jdbc.sql("""
            select i.message_id, d.channel from intent i join dispatch d on d.message_id = i.message_id where i.key = ?
            """)
                .param(intent)
                .query((row, n) -> new Meant(
                        new MessageId(row.getObject("message_id", UUID.class)),
                        Channel.ofCode(row.getString("channel"))))
                .optional();
    }

    /** @return whether this transaction is the first to mean it */
    boolean claimIntent(String intent, UUID message, Instant now) {
        return jdbc.sql("insert into intent (key, message_id, created_at) values (?, ?, ?) on conflict do nothing")
                        .params(intent, message, utc(now))
                        .update()
                == 1;
    }

    /** The one conversation with the patient, made when it is new. */
    UUID conversation(PatientId patient, OrgUnitId hospital, Instant now) {
        jdbc.sql("insert into conversation (id, patient_id, org_unit_id, created_at) values (?, ?, ?, ?) on"
                        + " conflict do nothing")
                .params(TimeOrderedId.next(), patient.value(), hospital.value(), utc(now))
                .update();
        return jdbc.sql("select id from conversation where patient_id = ?")
                .param(patient.value())
                .query(UUID.class)
                .single();
    }

    UUID thread(PatientId patient, OrgUnitId hospital, AddressId address, Instant now) {
        UUID conversation = conversation(patient, hospital, now);
        jdbc.sql("insert into thread (id, conversation_id, address_id, created_at) values (?, ?, ?, ?) on"
                        + " conflict do nothing")
                .params(TimeOrderedId.next(), conversation, address.value(), utc(now))
                .update();
        return jdbc.sql("select id from thread where conversation_id = ? and address_id = ? and subject_type = ''")
                .params(conversation, address.value())
                .query(UUID.class)
                .single();
    }

    /** Somebody spoke or was heard in person: the conversation comes to the top of the inbox. */
    void touch(PatientId patient, Instant now) {
        jdbc.sql("update conversation set active_at = greatest(active_at, ?) where patient_id = ?")
                .params(utc(now), patient.value())
                .update();
    }

    /** Of an address that is nobody's conversation. */
    UUID threadOf(AddressId address, Instant now) {
        jdbc.sql("insert into thread (id, address_id, created_at) values (?, ?, ?) on conflict do nothing")
                .params(TimeOrderedId.next(), address.value(), utc(now))
                .update();
        return jdbc.sql("select id from thread where conversation_id is null and address_id = ? and subject_type = ''")
                .param(address.value())
                .query(UUID.class)
                .single();
    }

    void insert(Draft draft, DataKeyId key, Instant now) {
        Conversations.Saying saying = draft.saying();
        Conversations.Origin origin = saying.origin();
        Conversations.Question question = saying.question();
        OrgUnitId location = saying.location();
        PatientId patient = saying.patient();
        jdbc.sql("""
            insert into message (id, created_at, intent, thread_id, party_id, patient_id, origin_patient_id, org_unit_id,
                address_id, channel, sender_id, purpose, urgency, solicited, template_version, locale, body, parts, units,
                not_before, expires_at, decision_id, author_kind, author, journey_instance_id, process_instance_id,
                activity_id, subject_type, subject_id, subject_revision, question, question_until, question_about,
                sensitive, asks_to_call)
            values (:id, :now, :intent, :thread, :party, :patient, :patient, :unit,
                :address, :channel, :sender, :purpose, :urgency, :solicited, :template, :locale, :body, :parts, :units,
                :notBefore, :expires, :decision, :authorKind, :author, :journey, :process,
                :activity, :subjectType, :subject, :revision, :question, :questionUntil, :questionAbout,
                :sensitive, :asksToCall)
            """)
                .param("id", draft.id())
                .param("now", utc(now))
                .param("intent", saying.intent())
                .param("thread", draft.thread())
                .param("party", draft.party().value())
                .param("patient", patient == null ? null : patient.value())
                .param("unit", saying.orgUnit().value())
                .param("address", draft.address().value())
                .param("channel", draft.channel().code())
                .param("sender", Senders.senderId(draft.channel()))
                .param("purpose", draft.text().purpose().code())
                .param("urgency", draft.text().urgency().code())
                .param("solicited", draft.solicited())
                .param("template", draft.text().version())
                .param("locale", draft.text().locale())
                .param("body", encryption.encrypt(key, bodyField(draft.id()), draft.body()))
                .param("parts", parts(draft, key), Types.BINARY)
                .param("units", draft.units())
                .param("notBefore", utc(draft.notBefore()))
                .param("expires", utc(saying.expiresAt()))
                .param("decision", draft.decision())
                .param("authorKind", saying.author().kind().name().toLowerCase(java.util.Locale.ROOT))
                .param("author", saying.author().name())
                .param("journey", origin == null ? null : origin.journeyInstance())
                .param("process", origin == null ? null : origin.processInstance())
                .param("activity", origin == null ? null : origin.activity())
                .param("subjectType", origin == null ? null : origin.subjectType())
                .param("subject", origin == null ? null : origin.subject())
                .param("revision", origin == null ? null : origin.subjectRevision())
                .param("question", question == null ? null : question.kind())
                .param("questionUntil", question == null ? null : utc(question.lifetime()))
                .param("questionAbout", question == null ? null : question.about())
                .param("sensitive", draft.sensitive())
                .param("asksToCall", draft.text().asksToCall())
                .update();
        jdbc.sql("""
                        insert into dispatch (message_id, message_created_at, state, due_at, expires_at, address_id, sender_id, channel,
                            urgency_rank, units, org_unit_id, patient_id, journey_instance_id, journey_key, location_id,
                            to_staff, purpose, automated, together)
                        values (:id, :now, 'queued', :due, :expires, :address, :sender, :channel, :rank, :units, :unit, :patient, :journey,
                            :journeyKey, :location, :toStaff, :purpose, :automated, :together)
                        """)
                .param("id", draft.id())
                .param("now", utc(now))
                .param("due", utc(draft.notBefore()))
                .param("expires", utc(saying.expiresAt()))
                .param("address", draft.address().value())
                .param("sender", Senders.senderId(draft.channel()))
                .param("channel", draft.channel().code())
                .param("rank", draft.text().urgency().rank())
                .param("units", draft.units())
                .param("unit", saying.orgUnit().value())
                .param("patient", patient == null ? null : patient.value())
                .param("journey", origin == null ? null : origin.journeyInstance())
                .param("journeyKey", origin == null ? null : origin.journeyKey())
                .param("location", location == null ? null : location.value())
                .param("toStaff", draft.toStaff())
                .param("purpose", draft.text().purpose().code())
                .param("automated", draft.automated())
                .param("together", draft.automated() && draft.parts().containsKey(Text.ITEM) ? draft.together() : null)
                .update();
    }

    Message load(UUID id, Instant createdAt) {
        return jdbc.sql("select * from message where id = ? and created_at = ?")
                .params(id, utc(createdAt))
                .query(JdbcMessages::message)
                .single();
    }

    Optional<Message> find(UUID id) {
        return jdbc.sql("select * from message where id = ?")
                .param(id)
                .query(JdbcMessages::message)
                .optional();
    }

    /** Something for the patient alone was said at that number lately, by text or by call, or is asked there still. */
    boolean wasSensitive(AddressId address, Instant since, Instant now) {
        return jdbc.sql("""
                        select exists (select 1 from dispatch d
                            join message m on m.id = d.message_id and m.created_at = d.message_created_at
                            where d.address_id in (select a.id from address a where a.id = :address
                                    or a.number_hash = (select number_hash from address where id = :address))
                              and m.sensitive and d.sent_at is not null and (d.sent_at > :since or m.question_until > :now))
                        """)
                .param("address", address.value())
                .param("since", utc(since))
                .param("now", utc(now))
                .query(Boolean.class)
                .single();
    }

    String body(Message message, DataKeyId key) {
        return encryption.decrypt(key, bodyField(message.id()), message.body());
    }

    private byte @Nullable [] parts(Draft draft, DataKeyId key) {
        return draft.parts().isEmpty()
                ? null
                : encryption.encrypt(key, partsField(draft.id()), JSON.writeValueAsString(draft.parts()));
    }

    /** What the message has besides its body, by name. */
    Map<String, String> parts(Message message, DataKeyId key) {
        byte[] parts = message.parts();
        return parts == null
                ? Map.of()
                : JSON.readValue(encryption.decrypt(key, partsField(message.id()), parts), PARTS);
    }

    private static Encryption.Field partsField(UUID message) {
        return new Encryption.Field("message", "parts", message);
    }

    static Encryption.Field bodyField(UUID message) {
        return new Encryption.Field("message", "body", message);
    }

    private static Message message(ResultSet row, int number) throws SQLException {
        UUID patient = row.getObject("patient_id", UUID.class);
        return new Message(
                row.getObject("id", UUID.class),
                instant(row, "created_at"),
                row.getString("intent"),
                new PartyId(row.getObject("party_id", UUID.class)),
                patient == null ? null : new PatientId(patient),
                new OrgUnitId(row.getObject("org_unit_id", UUID.class)),
                new AddressId(row.getObject("address_id", UUID.class)),
                Channel.ofCode(row.getString("channel")),
                row.getString("sender_id"),
                Purpose.ofCode(row.getString("purpose")),
                Urgency.ofCode(row.getString("urgency")),
                row.getBoolean("solicited"),
                row.getString("locale"),
                row.getBytes("body"),
                row.getBytes("parts"),
                row.getInt("units"),
                instant(row, "expires_at"),
                row.getObject("journey_instance_id", UUID.class),
                row.getString("process_instance_id"),
                row.getString("subject_type"),
                row.getObject("subject_id", UUID.class),
                row.getObject("subject_revision", Integer.class),
                row.getString("question"),
                nullableInstant(row, "question_until"),
                row.getObject("question_about", LocalDateTime.class),
                row.getString("author_kind").equals("person"),
                row.getString("author"),
                row.getString("author_kind").equals("journey") ? row.getString("author") : null,
                row.getBoolean("sensitive"),
                row.getBoolean("asks_to_call"));
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
