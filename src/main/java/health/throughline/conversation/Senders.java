package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Who we are on each channel, by which provider, and how fast we may speak; the rate is shared by all nodes. */
@Component
class Senders implements InitializingBean {

    private final Map<Channel, ChannelAdapter> adapters = new LinkedHashMap<>();
    private final Map<Channel, Bucket> rates = new LinkedHashMap<>();
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ConversationSettings settings;

    Senders(
            List<ChannelAdapter> adapters,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            ConversationSettings settings,
            DataSource dataSource) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.settings = settings;
        ProxyManager<Long> buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(dataSource)
                .table("rate_bucket")
                .expiresAtColumn("expires_at")
                .primaryKeyMapper(PrimaryKeyMapper.LONG)
                .build();
        for (ChannelAdapter adapter : adapters.stream()
                .sorted(Comparator.comparingInt(ChannelAdapter::precedence))
                .toList()) {
            if (this.adapters.put(adapter.channel(), adapter) != null) {
                throw new IllegalStateException("Two adapters serve the channel " + adapter.channel());
            }
            int unitsPerSecond = settings.unitsPerSecond(adapter.channel());
            BucketConfiguration rate = BucketConfiguration.builder()
                    .addLimit(Bandwidth.builder()
                            .capacity(unitsPerSecond)
                            .refillGreedy(unitsPerSecond, Duration.ofSeconds(1))
                            .build())
                    .build();
            rates.put(adapter.channel(), buckets.builder().build(bucketOf(adapter.channel()), () -> rate));
        }
    }

    @Override
    public void afterPropertiesSet() {
        for (ChannelAdapter adapter : adapters.values()) {
            transaction.executeWithoutResult(status -> jdbc.sql("""
                            insert into sender (id, channel, provider, value, display_name, units_per_second, campaign_registered, by_phone)
                            values (?, ?, ?, ?, ?, ?, ?, ?)
                            on conflict (id) do update set value = excluded.value, units_per_second = excluded.units_per_second,
                                by_phone = excluded.by_phone, campaign_registered = excluded.campaign_registered
                            """)
                    .params(
                            senderId(adapter.channel()),
                            adapter.channel().code(),
                            adapter.provider(),
                            adapter.sender(),
                            adapter.sender(),
                            settings.unitsPerSecond(adapter.channel()),
                            adapter.campaignRegistered(),
                            adapter.byPhone())
                    .update());
        }
    }

    ChannelAdapter adapter(Channel channel) {
        ChannelAdapter adapter = adapters.get(channel);
        if (adapter == null) {
            throw new IllegalStateException("No adapter for channel " + channel.code());
        }
        return adapter;
    }

    boolean serves(Channel channel) {
        return adapters.containsKey(channel);
    }

    /** Every channel that is served, the one to try first first. */
    List<Channel> channels() {
        return List.copyOf(adapters.keySet());
    }

    /** One shared bucket a channel, on every node the same. */
    private static long bucketOf(Channel channel) {
        CRC32 code = new CRC32();
        code.update(channel.code().getBytes(StandardCharsets.UTF_8));
        return code.getValue();
    }

    static String senderId(Channel channel) {
        return channel.code() + "-main";
    }

    Bucket rate(Channel channel) {
        Bucket bucket = rates.get(channel);
        if (bucket == null) {
            throw new IllegalStateException("No rate for channel " + channel.code());
        }
        return bucket;
    }
}
