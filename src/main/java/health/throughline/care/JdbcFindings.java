package health.throughline.care;

import health.throughline.TimeOrderedId;
import health.throughline.organization.OrgUnitId;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JdbcFindings implements Findings {

    /** How often an open line is marked as seen again, so that a replay does not rewrite it thousands of times. */
    private static final Duration SEEN_AGAIN = Duration.ofHours(1);

    private final JdbcClient jdbc;
    private final Clock clock;

    JdbcFindings(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public void found(
            String kind,
            boolean blocking,
            @Nullable OrgUnitId unit,
            @Nullable UUID patient,
            String subject,
            String sentence) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql("""
                insert into data_finding as f (id, kind, blocking, org_unit_id, patient_id, subject, sentence, found_at, last_seen_at)
                values (:id, :kind, :blocking, :unit, :patient, :subject, :sentence, :now, :now)
                on conflict (kind, subject) where resolved_at is null do update
                    set last_seen_at = excluded.last_seen_at where f.last_seen_at < :stale""")
                .param("id", TimeOrderedId.next())
                .param("kind", kind)
                .param("blocking", blocking)
                .param("unit", unit == null ? null : unit.value(), Types.OTHER)
                .param("patient", patient, Types.OTHER)
                .param("subject", subject)
                .param("sentence", sentence)
                .param("now", now)
                .param("stale", now.minus(SEEN_AGAIN))
                .update();
    }
}
