package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.channel.Channel;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Until when a channel's inbound messages were taken in from the provider's own list. */
@Repository
class JdbcHeard {

    private final JdbcClient jdbc;

    JdbcHeard(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Where no list was ever taken in, the last message that came; none where nothing ever came. */
    @Transactional
    public Optional<Instant> until(Channel channel) {
        return jdbc.sql("""
                        select coalesce((select heard_until from inbound_heard where channel = :channel),
                                        (select max(received_at) from inbound where channel = :channel)) as until
                        """)
                .param("channel", channel.code())
                .query((row, n) -> Optional.ofNullable(JdbcMessages.nullableInstant(row, "until")))
                .single();
    }

    /** Never goes back, whichever node was slower. */
    @Transactional
    public void heard(Channel channel, Instant until) {
        jdbc.sql("""
                        insert into inbound_heard (channel, heard_until) values (?, ?)
                        on conflict (channel) do update set heard_until = greatest(inbound_heard.heard_until, excluded.heard_until)
                        """).params(channel.code(), utc(until)).update();
    }

    @Transactional
    public Set<String> known(String provider, Collection<String> providerIds) {
        return Set.copyOf(jdbc.sql("select provider_id from inbound_key where provider = ? and provider_id = any(?)")
                .params(provider, providerIds.toArray(String[]::new))
                .query(String.class)
                .list());
    }

    /** How many of them nobody has worked off yet. */
    @Transactional
    public long waiting(String provider, Collection<String> providerIds) {
        return jdbc.sql("""
                        select count(*) from inbound_key k join inbound_work w on w.inbound_id = k.inbound_id
                        where k.provider = ? and k.provider_id = any(?) and w.state = 'received'
                        """)
                .params(provider, providerIds.toArray(String[]::new))
                .query(Long.class)
                .single();
    }
}
