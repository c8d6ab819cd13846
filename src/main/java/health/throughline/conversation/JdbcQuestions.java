package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What patients have been asked and not answered: at most one question an address, opened as its message starts on its way. */
@Repository
class JdbcQuestions {

    private final JdbcClient jdbc;

    JdbcQuestions(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Question(
            UUID id,
            UUID patient,
            UUID message,
            String kind,
            @Nullable UUID journeyInstance,
            @Nullable String processInstance,
            Instant expiresAt,
            @Nullable LocalDateTime about) {}

    Optional<Question> open(UUID address, Instant now) {
        jdbc.sql(
                        "update open_question set closed_at = ?, closed_because = 'expired' where address_id = ? and closed_at is null and expires_at <= ?")
                .params(utc(now), address, utc(now))
                .update();
        return jdbc.sql("select * from open_question where address_id = ? and closed_at is null")
                .param(address)
                .query((row, n) -> new Question(
                        row.getObject("id", UUID.class),
                        row.getObject("patient_id", UUID.class),
                        row.getObject("message_id", UUID.class),
                        row.getString("kind"),
                        row.getObject("journey_instance_id", UUID.class),
                        row.getString("process_instance_id"),
                        JdbcMessages.instant(row, "expires_at"),
                        row.getObject("about", LocalDateTime.class)))
                .optional();
    }

    /** @return whether the address is free for this question; one of the same journey, or of the same message, gives way to it */
    boolean ask(JdbcMessages.Message message, Instant now) {
        Optional<Question> other = open(message.address().value(), now);
        if (other.isPresent()) {
            Question standing = other.get();
            if (standing.message().equals(message.id())) {
                return true;
            }
            if (!Objects.equals(standing.journeyInstance(), message.journeyInstance())
                    || message.journeyInstance() == null) {
                return false;
            }
            close(standing.id(), "asked-again", now);
        }
        jdbc.sql("""
                        insert into open_question (id, address_id, party_id, patient_id, message_id, kind, subject_type, subject_id,
                            journey_instance_id, process_instance_id, asked_at, expires_at, about)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(Arrays.asList(
                        TimeOrderedId.next(),
                        message.address().value(),
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
        return true;
    }

    void close(UUID question, String because, Instant now) {
        jdbc.sql("update open_question set closed_at = ?, closed_because = ? where id = ? and closed_at is null")
                .params(utc(now), because, question)
                .update();
    }

    void closeOf(UUID message, String because, Instant now) {
        jdbc.sql(
                        "update open_question set closed_at = ?, closed_because = ? where message_id = ? and closed_at is null")
                .params(utc(now), because, message)
                .update();
    }
}
