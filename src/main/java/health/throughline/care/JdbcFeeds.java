package health.throughline.care;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional(readOnly = true)
class JdbcFeeds implements Feeds {

    private final JdbcClient jdbc;
    private final Clock clock;

    JdbcFeeds(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public Optional<Instant> silentSince(String source) {
        return jdbc.sql("""
                        select last_heard_at from source_system
                        where id = :source and silence_limit is not null and last_heard_at + silence_limit < :now""")
                .param("source", source)
                .param("now", now())
                .query(OffsetDateTime.class)
                .optional()
                .map(OffsetDateTime::toInstant);
    }

    @Override
    public List<String> silent() {
        return jdbc.sql("""
                        select id from source_system
                        where silence_limit is not null and last_heard_at + silence_limit < :now order by id""").param("now", now()).query(String.class).list();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
