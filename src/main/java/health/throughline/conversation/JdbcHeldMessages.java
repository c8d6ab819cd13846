package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.consent.SendPolicy;
import health.throughline.conversation.JdbcDispatch.Row;
import health.throughline.conversation.JdbcMessages.Message;
import health.throughline.organization.Holds;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** Asks of every held message what {@link Attempts} would ask, and writes nothing. */
@Repository
class JdbcHeldMessages implements HeldMessages {

    private static final int LOOKED_AT = 2000;
    private static final int SHOWN = 5;

    private final JdbcClient jdbc;
    private final JdbcMessages messages;
    private final JdbcDispatch dispatch;
    private final Attempts attempts;
    private final Holds holds;
    private final DispatchSignal wakeUp;
    private final TransactionTemplate apart;
    private final Clock clock;

    JdbcHeldMessages(
            JdbcClient jdbc,
            JdbcMessages messages,
            JdbcDispatch dispatch,
            Attempts attempts,
            Holds holds,
            DispatchSignal wakeUp,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.jdbc = jdbc;
        this.messages = messages;
        this.dispatch = dispatch;
        this.attempts = attempts;
        this.holds = holds;
        this.wakeUp = wakeUp;
        this.apart = new TransactionTemplate(transactions);
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.clock = clock;
    }

    /** At once on this node; every node looks for itself within seconds, should this one die here. */
    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void on(Holds.HoldLifted lifted) {
        apart.executeWithoutResult(status -> dispatch.freeHeld(clock.instant()));
        wakeUp.afterCommit();
    }

    @Override
    @Transactional(readOnly = true)
    public Map<UUID, Integer> stopped() {
        var stopped = new HashMap<UUID, Integer>();
        jdbc.sql("""
                        select held_by, count(*) from dispatch where state = 'queued' and held_by is not null group by held_by
                        """).query(row -> {
            stopped.put(row.getObject(1, UUID.class), row.getInt(2));
        });
        return stopped;
    }

    @Override
    @Transactional(readOnly = true)
    public int onTheirWay(UUID hold) {
        return jdbc.sql("""
                        select count(*) from dispatch d, hold h where h.id = ? and d.state = 'attempting'
                          and hold_covers(h, d.org_unit_id, d.journey_key, d.channel, d.location_id)
                        """).param(hold).query(Integer.class).single();
    }

    @Override
    @Transactional(readOnly = true)
    public Preview preview(UUID hold) {
        Instant now = clock.instant();
        int covered = jdbc.sql("""
                        select count(*) from dispatch d, hold h where h.id = ? and d.state in ('queued', 'leased')
                          and hold_covers(h, d.org_unit_id, d.journey_key, d.channel, d.location_id)
                        """).param(hold).query(Integer.class).single();
        List<Row> rows = jdbc.sql("""
                        select d.* from dispatch d, hold h where h.id = :hold and d.state in ('queued', 'leased')
                          and hold_covers(h, d.org_unit_id, d.journey_key, d.channel, d.location_id)
                        order by case when d.held_by is null then d.due_at else '-infinity' end, d.message_created_at, d.message_id
                        limit :limit
                        """)
                .param("hold", hold)
                .param("limit", LOOKED_AT)
                .query(JdbcDispatch::row)
                .list();
        var goes = new Collector();
        var waits = new Collector();
        var drops = new Collector();
        var held = new Collector();
        for (Row row : rows) {
            Message message = messages.load(row.message(), row.createdAt());
            Optional<Holds.Placed> other = holds.covering(row.sending()).stream()
                    .filter(placed -> !placed.id().equals(hold))
                    .findFirst();
            if (other.isPresent()) {
                held.add(row, message, null, "held", other.get().sentence());
                continue;
            }
            SendPolicy.Outlook outlook = attempts.outlook(row, message, now);
            Instant until = outlook.until();
            if (outlook.may()) {
                goes.add(row, message, now, outlook.reason(), outlook.sentence());
            } else if (until != null) {
                waits.add(row, message, until, outlook.reason(), outlook.sentence());
            } else {
                drops.add(row, message, null, outlook.reason(), outlook.sentence());
            }
        }
        return new Preview(covered, rows.size(), goes.group(), waits.group(), drops.group(), held.group());
    }

    private final class Collector {

        private final Map<String, Integer> reasons = new HashMap<>();
        private final List<Item> first = new ArrayList<>();
        private int count;

        void add(
                Row row,
                Message message,
                @org.jspecify.annotations.Nullable Instant goesAt,
                String reason,
                String sentence) {
            count++;
            reasons.merge(reason, 1, Integer::sum);
            if (first.size() < SHOWN) {
                first.add(new Item(
                        row.message(),
                        row.journeyKey(),
                        template(row),
                        row.orgUnit(),
                        row.createdAt(),
                        goesAt,
                        row.expiresAt(),
                        reason,
                        sentence));
            }
        }

        Group group() {
            var sorted = new LinkedHashMap<String, Integer>();
            reasons.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .forEach(each -> sorted.put(each.getKey(), each.getValue()));
            return new Group(count, sorted, List.copyOf(first));
        }
    }

    private String template(Row row) {
        return jdbc.sql("""
                        select coalesce(v.key, 'written by hand') from message m left join template_version v on v.id = m.template_version
                        where m.id = ? and m.created_at = ?
                        """)
                .params(row.message(), utc(row.createdAt()))
                .query(String.class)
                .single();
    }
}
