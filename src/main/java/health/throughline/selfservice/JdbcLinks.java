package health.throughline.selfservice;

import health.throughline.TimeOrderedId;
import health.throughline.conversation.Links;
import health.throughline.encryption.KeyedHash;
import health.throughline.patient.PatientId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Short addresses in messages; the code is kept as a keyed hash. */
@Repository
class JdbcLinks implements Links {

    private static final String VISIT = "appointment";

    private final JdbcClient jdbc;
    private final KeyedHash hash;
    private final PublicPages pages;
    private final SelfServiceSettings settings;
    private final Clock clock;

    JdbcLinks(JdbcClient jdbc, KeyedHash hash, PublicPages pages, SelfServiceSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.hash = hash;
        this.pages = pages;
        this.settings = settings;
        this.clock = clock;
    }

    /** @param visit the appointment it leads to; none for the inbox */
    record Opened(
            UUID id,
            UUID message,
            PatientId patient,
            @Nullable UUID visit) {}

    @Override
    public Link make() {
        String code = Secrets.linkCode();
        return new Link(TimeOrderedId.next(), code, pages.of("/v/" + code));
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void keep(Link link, Target target) {
        UUID visit = VISIT.equalsIgnoreCase(target.subjectType()) ? target.subject() : null;
        jdbc.sql("""
                        insert into verified_link (id, code_hash, message_id, patient_id, purpose, subject_id, created_at, expires_at)
                        values (:id, :code, :message, :patient, :purpose, :subject, :now, :until)
                        """)
                .param("id", link.id())
                .param("code", hashed(link.code()))
                .param("message", target.message().value())
                .param("patient", target.patient().value())
                .param("purpose", visit == null ? "inbox" : "visit")
                .param("subject", visit)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param(
                        "until",
                        target.usefulUntil().plus(settings.linkOutlives()).atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<Opened> open(String code, Instant now) {
        return jdbc.sql("select * from verified_link where code_hash = ? and expires_at > ?")
                .params(hashed(code), now.atOffset(ZoneOffset.UTC))
                .query((row, n) -> new Opened(
                        row.getObject("id", UUID.class),
                        row.getObject("message_id", UUID.class),
                        new PatientId(row.getObject("patient_id", UUID.class)),
                        row.getObject("subject_id", UUID.class)))
                .optional();
    }

    /** The latest try to bring the message that held the link. */
    @Nullable
    UUID attemptOf(Opened link) {
        return jdbc.sql("select id from attempt where message_id = ? order by number desc limit 1")
                .param(link.message())
                .query(UUID.class)
                .optional()
                .orElse(null);
    }

    private byte[] hashed(String code) {
        return hash.of("verified_link.code", code);
    }
}
