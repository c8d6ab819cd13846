package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.patient.AddressId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What waits on a page of ours for its reader. */
@Repository
class JdbcNotices {

    private final JdbcClient jdbc;

    JdbcNotices(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<UUID> oldestUnread(AddressId page, Instant since) {
        return jdbc.sql("""
            select message_id from dispatch
            where address_id = ? and state in ('accepted', 'sent', 'delivered') and sent_at >= ?
            order by sent_at, message_id limit 1
            """).params(page.value(), utc(since)).query(UUID.class).optional();
    }

    boolean isUnread(UUID message) {
        return jdbc.sql("select exists (select 1 from dispatch where message_id = ? and state in ('accepted', 'sent',"
                        + " 'delivered'))")
                .param(message)
                .query(Boolean.class)
                .single();
    }
}
