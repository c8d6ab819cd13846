package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.patient.AddressId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * What patients have been asked and not answered: one question an address, opened as its message starts on its way. It holds one item for
 * each visit asked about there, so that a second visit, or a second child on the same phone, is asked about without waiting for the first
 * answer; which of them an answer means is then found out, not guessed.
 */
@Repository
class JdbcQuestions {

    private static final String CLOSE_EMPTY = """
            update open_question q set closed_at = :now, closed_because = :because
            where q.closed_at is null and q.id = any(:questions)
              and not exists (select 1 from question_item i where i.question_id = q.id and i.closed_at is null)
            """;

    private final JdbcClient jdbc;

    JdbcQuestions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param number under which it was last listed to the address; none where it never was */
    record Item(
            UUID id,
            @Nullable Integer number,
            UUID patient,
            UUID message,
            String kind,
            @Nullable UUID journeyInstance,
            @Nullable String processInstance,
            Instant expiresAt,
            @Nullable LocalDateTime about) {}

    /**
     * @param wish what was answered before we asked which was meant
     * @param askedWhich how often we asked
     * @param items open, never none, the latest asked last
     */
    record Question(UUID id, @Nullable String wish, int askedWhich, List<Item> items) {

        Item latest() {
            return items.getLast();
        }

        /** The one thing asked about; none where it may be one of several. */
        Optional<Item> only() {
            return items.size() == 1 ? Optional.of(items.getFirst()) : Optional.empty();
        }

        boolean wasListed() {
            return items.stream().anyMatch(item -> item.number() != null);
        }
    }

    Optional<Question> open(UUID address, Instant now) {
        Optional<UUID> standing = jdbc.sql("select id from open_question where address_id = ? and closed_at is null")
                .param(address)
                .query(UUID.class)
                .optional();
        if (standing.isEmpty()) {
            return Optional.empty();
        }
        UUID id = standing.get();
        jdbc.sql("""
                        update question_item set closed_at = :now, closed_because = 'expired'
                        where question_id = :id and closed_at is null and expires_at <= :now
                        """).param("now", utc(now)).param("id", id).update();
        closeEmpty(List.of(id), "expired", now);
        List<Item> items = jdbc.sql(
                        "select * from question_item where question_id = ? and closed_at is null order by asked_at, id")
                .param(id)
                .query(JdbcQuestions::item)
                .list();
        if (items.isEmpty()) {
            return Optional.empty();
        }
        return jdbc.sql("select wish, asked_which from open_question where id = ?")
                .param(id)
                .query((row, n) -> new Question(id, row.getString(1), row.getInt(2), items))
                .optional();
    }

    /** What that very message asked, whatever else is asked at its address; none once it is closed. */
    Optional<Question> ofMessage(UUID message, Instant now) {
        return jdbc.sql("""
                        select i.*, q.asked_which from question_item i join open_question q on q.id = i.question_id
                        where i.message_id = ? and i.closed_at is null and i.expires_at > ? and q.closed_at is null
                        """)
                .params(message, utc(now))
                .query((row, n) -> new Question(
                        row.getObject("question_id", UUID.class),
                        null,
                        row.getInt("asked_which"),
                        List.of(unlisted(item(row, n)))))
                .optional();
    }

    /** Nobody has to be asked which of them was meant. */
    private static Item unlisted(Item item) {
        return new Item(
                item.id(),
                null,
                item.patient(),
                item.message(),
                item.kind(),
                item.journeyInstance(),
                item.processInstance(),
                item.expiresAt(),
                item.about());
    }

    /** The message's question stands from now on; one of the same journey gives way to it. The caller holds the address. */
    void ask(JdbcMessages.Message message, Instant now) {
        hold(message.address().value());
        Question standing = open(message.address().value(), now).orElse(null);
        if (standing != null) {
            for (Item item : standing.items()) {
                if (item.message().equals(message.id())) {
                    return;
                }
                if (message.journeyInstance() != null
                        && message.journeyInstance().equals(item.journeyInstance())) {
                    closeItem(item.id(), "asked-again", now);
                }
            }
        }
        UUID question = standing == null ? TimeOrderedId.next() : standing.id();
        if (standing == null) {
            insert(question, message, now);
        } else {
            jdbc.sql("update open_question set expires_at = greatest(expires_at, ?), asked_which = 0 where id = ?")
                    .params(utc(Objects.requireNonNull(message.questionUntil())), question)
                    .update();
        }
        insertItem(question, message, now);
    }

    /** Whoever closes the question at this moment ends first: an item is never added to one that is closed. */
    private void hold(UUID address) {
        jdbc.sql("select id from open_question where address_id = ? and closed_at is null for update")
                .param(address)
                .query(UUID.class)
                .optional();
    }

    private void insert(UUID id, JdbcMessages.Message message, Instant now) {
        insert("open_question", "address_id", id, message.address().value(), message, now);
    }

    private void insertItem(UUID question, JdbcMessages.Message message, Instant now) {
        insert("question_item", "question_id", TimeOrderedId.next(), question, message, now);
    }

    /** The question and each of its items say alike what was asked, of whom and until when. */
    private void insert(String table, String of, UUID id, UUID whole, JdbcMessages.Message message, Instant now) {
        jdbc.sql("insert into " + table + " (id, " + of + """
                        , party_id, patient_id, message_id, kind, subject_type, subject_id,
                            journey_instance_id, process_instance_id, asked_at, expires_at, about)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(Arrays.asList(
                        id,
                        whole,
                        message.party().value(),
                        Objects.requireNonNull(message.patient()).value(),
                        message.id(),
                        message.question(),
                        message.subjectType(),
                        message.subject(),
                        message.journeyInstance(),
                        message.processInstance(),
                        utc(now),
                        utc(Objects.requireNonNull(message.questionUntil())),
                        message.questionAbout()))
                .update();
    }

    /** Which of them is meant is being asked: they are numbered in this order, and what was answered is kept. */
    void askedWhich(Question question, List<Item> inOrder, String wish) {
        for (int n = 0; n < inOrder.size(); n++) {
            jdbc.sql("update question_item set number = ? where id = ?")
                    .params(n + 1, inOrder.get(n).id())
                    .update();
        }
        jdbc.sql("update open_question set wish = ?, asked_which = asked_which + 1 where id = ?")
                .params(wish, question.id())
                .update();
    }

    /** What was answered holds for the numbers that follow, until some of them came. */
    void answeredWhich(Question question, @Nullable String wishLeft) {
        jdbc.sql("update open_question set wish = :wish, asked_which = 0 where id = :id")
                .param("wish", wishLeft)
                .param("id", question.id())
                .update();
    }

    /** All of it. */
    void close(UUID question, String because, Instant now) {
        jdbc.sql(
                        "update question_item set closed_at = ?, closed_because = ? where question_id = ? and closed_at is null")
                .params(utc(now), because, question)
                .update();
        closeEmpty(List.of(question), because, now);
    }

    /** One item; with the last of them the question is closed. */
    void close(Question question, Item item, String because, Instant now) {
        closeItem(item.id(), because, now);
        closeEmpty(List.of(question.id()), because, now);
    }

    /** With those of the messages it says besides. */
    void closeOf(UUID message, String because, Instant now) {
        closeWhere("message_id", message, because, now);
        jdbc.sql("select message_id from dispatch where carrier_id = ?")
                .param(message)
                .query(UUID.class)
                .list()
                .forEach(carried -> closeWhere("message_id", carried, because, now));
    }

    /** As they stand numbered in the text that asks them; what was numbered before is no longer what is meant. */
    void numbered(AddressId address, List<UUID> messages) {
        jdbc.sql("""
                        update question_item i set number = nullif(coalesce(array_position(cast(:messages as uuid[]), i.message_id), 0), 0)
                        from open_question q
                        where q.id = i.question_id and q.address_id = :address and q.closed_at is null and i.closed_at is null
                        """)
                .param("messages", messages.toArray(UUID[]::new))
                .param("address", address.value())
                .update();
    }

    void closeOfJourney(UUID journeyInstance, String because, Instant now) {
        closeWhere("journey_instance_id", journeyInstance, because, now);
    }

    private void closeWhere(String column, UUID value, String because, Instant now) {
        List<UUID> questions = jdbc.sql("update question_item set closed_at = ?, closed_because = ? where " + column
                        + " = ? and closed_at is null returning question_id")
                .params(utc(now), because, value)
                .query(UUID.class)
                .list();
        if (!questions.isEmpty()) {
            closeEmpty(questions, because, now);
        }
    }

    private void closeItem(UUID item, String because, Instant now) {
        jdbc.sql("update question_item set closed_at = ?, closed_because = ? where id = ? and closed_at is null")
                .params(utc(now), because, item)
                .update();
    }

    /** Held before it is looked whether anything is open in it: what is being added meanwhile counts. */
    private void closeEmpty(List<UUID> questions, String because, Instant now) {
        jdbc.sql("select id from open_question where id = any(?) and closed_at is null order by id for update")
                .param(questions.toArray(UUID[]::new))
                .query(UUID.class)
                .list();
        jdbc.sql(CLOSE_EMPTY)
                .param("now", utc(now))
                .param("because", because)
                .param("questions", questions.toArray(UUID[]::new))
                .update();
    }

    private static Item item(ResultSet row, int number) throws SQLException {
        return new Item(
                row.getObject("id", UUID.class),
                row.getObject("number", Integer.class),
                row.getObject("patient_id", UUID.class),
                row.getObject("message_id", UUID.class),
                row.getString("kind"),
                row.getObject("journey_instance_id", UUID.class),
                row.getString("process_instance_id"),
                JdbcMessages.instant(row, "expires_at"),
                row.getObject("about", LocalDateTime.class));
    }
}
