package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.consent.Purpose;
import health.throughline.conversation.JdbcDispatch.Row;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** F9. A month is a month of UTC; sums are read again every few seconds, so a bulk may overshoot by what goes in that time. */
@Service
class JdbcSpending implements Spending {

    static final String STOPPED = "F9.budget";

    private static final int WARNED_AT = 80;
    private static final int STOPPED_AT = 100;
    private static final Duration READ_AGAIN = Duration.ofSeconds(3);

    /** The limits in force that bind a unit: its own and those above it. */
    private static final String LIMITS = """
            select l.* from (select distinct on (org_unit_id) * from spending_limit order by org_unit_id, set_at desc, id desc) l
            where l.monthly is not null
            """;

    private final JdbcClient jdbc;
    private final Organization organization;
    private final Prices prices;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final DispatchSignal wakeUp;
    private final Clock clock;
    private final Map<UUID, Read> known = new ConcurrentHashMap<>();

    JdbcSpending(
            JdbcClient jdbc,
            Organization organization,
            Prices prices,
            ApplicationEventPublisher events,
            TransactionTemplate transaction,
            DispatchSignal wakeUp,
            Clock clock) {
        this.jdbc = jdbc;
        this.organization = organization;
        this.prices = prices;
        this.events = events;
        this.transaction = transaction;
        this.wakeUp = wakeUp;
        this.clock = clock;
    }

    private record Limit(UUID unit, BigDecimal monthly, boolean stopsOperational, String by, Instant at) {}

    private record Read(long at, LocalDate month, Optional<Boolean> used) {}

    /** Until when it has to wait for money; none where it may go. */
    Optional<Instant> stops(Row row, JdbcMessages.Message message, Instant now) {
        Purpose purpose = Purpose.ofCode(row.purpose());
        if (purpose == Purpose.CARE
                || row.urgencyRank() == 0
                || row.toStaff()
                || message.solicited()
                || message.byPerson()) {
            return Optional.empty();
        }
        LocalDate month = month(now);
        Read last = known.get(row.orgUnit());
        if (last == null || !last.month().equals(month) || System.nanoTime() - last.at() > READ_AGAIN.toNanos()) {
            last = new Read(System.nanoTime(), month, used(row.orgUnit(), month));
            known.put(row.orgUnit(), last);
        }
        boolean stopped = last.used()
                .map(operationalToo -> operationalToo || purpose != Purpose.OPERATIONAL)
                .orElse(false);
        return stopped
                ? Optional.of(month.plusMonths(1).atStartOfDay(ZoneOffset.UTC).toInstant())
                : Optional.empty();
    }

    /** Whether a limit over the unit is used up; with whether that stops operational messages too. */
    private Optional<Boolean> used(UUID unit, LocalDate month) {
        String path = organization.find(new OrgUnitId(unit)).map(OrgUnit::path).orElse("");
        Optional<Boolean> stops = Optional.empty();
        for (Limit limit : limits()) {
            String over = path(limit.unit());
            if (path.startsWith(over) && spent(over, month).compareTo(limit.monthly()) >= 0) {
                stops = Optional.of(limit.stopsOperational() || stops.orElse(false));
            }
        }
        return stops;
    }

    private String path(UUID unit) {
        return organization.find(new OrgUnitId(unit)).map(OrgUnit::path).orElse("/nowhere/");
    }

    private List<Limit> limits() {
        return jdbc.sql(LIMITS).query(JdbcSpending::read).list();
    }

    private BigDecimal spent(String path, LocalDate month) {
        return jdbc.sql("""
                        select coalesce(sum(s.amount), 0) from spent s
                        where s.month = :month and s.org_unit_id in (select u.id from org_unit u where starts_with(u.path, :path))
                        """)
                .param("month", month)
                .param("path", path)
                .query(BigDecimal.class)
                .single();
    }

    /** A provider took it; the unit of the message pays, also for those it says besides. Idempotent. */
    void accepted(Row row, Instant now) {
        UUID attempt = row.attempt();
        if (attempt == null) {
            return;
        }
        Prices.PriceList list = prices.on(now.atZone(ZoneOffset.UTC).toLocalDate());
        int units = jdbc.sql("select units from attempt where id = ?")
                .param(attempt)
                .query(Integer.class)
                .single();
        jdbc.sql("""
                        insert into spent (attempt_id, org_unit_id, month, channel, purpose, units, amount, prices, at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        attempt,
                        row.orgUnit(),
                        month(now),
                        row.channel().code(),
                        row.purpose(),
                        units,
                        list.of(row.channel(), units),
                        list.version(),
                        utc(now))
                .update();
    }

    private static LocalDate month(Instant now) {
        return now.atZone(ZoneOffset.UTC).toLocalDate().withDayOfMonth(1);
    }

    @Override
    @Transactional(readOnly = true)
    public List<Account> accounts() {
        return limits().stream()
                .map(limit -> account(new OrgUnitId(limit.unit()), limit))
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public Account account(OrgUnitId unit) {
        return account(
                unit,
                limits().stream()
                        .filter(limit -> limit.unit().equals(unit.value()))
                        .findFirst()
                        .orElse(null));
    }

    private Account account(OrgUnitId unit, @Nullable Limit limit) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate month = today.withDayOfMonth(1);
        Prices.PriceList list = prices.on(today);
        BigDecimal spent = spent(path(unit.value()), month);
        int percent = limit == null ? 0 : percent(spent, limit.monthly());
        int stopped = jdbc.sql("""
                        select count(*) from dispatch d join org_unit u on u.id = d.org_unit_id
                        where d.state = 'queued' and d.reason = :reason and starts_with(u.path, :path)
                        """)
                .param("reason", STOPPED)
                .param("path", path(unit.value()))
                .query(Integer.class)
                .single();
        return new Account(
                unit.value(),
                month,
                limit == null ? null : limit.monthly(),
                limit != null && limit.stopsOperational(),
                spent.setScale(2, RoundingMode.HALF_UP),
                list.content().currency(),
                percent,
                limit == null ? "none" : percent >= STOPPED_AT ? "stopped" : percent >= WARNED_AT ? "warned" : "within",
                stopped,
                limit == null ? null : limit.by(),
                limit == null ? null : limit.at(),
                list.version());
    }

    private static int percent(BigDecimal spent, BigDecimal monthly) {
        return monthly.signum() == 0
                ? STOPPED_AT
                : spent.multiply(BigDecimal.valueOf(100))
                        .divide(monthly, 0, RoundingMode.DOWN)
                        .min(BigDecimal.valueOf(999))
                        .intValue();
    }

    @Override
    @Transactional
    public Account limit(OrgUnitId unit, @Nullable BigDecimal monthly, boolean stopsOperational, String by) {
        Instant now = clock.instant();
        jdbc.sql("""
                        insert into spending_limit (id, org_unit_id, monthly, stops_operational, set_by, set_at) values (?, ?, ?, ?, ?, ?)
                        """)
                .params(Arrays.asList(TimeOrderedId.next(), unit.value(), monthly, stopsOperational, by, utc(now)))
                .update();
        known.clear();
        jdbc.sql("""
                        update dispatch set due_at = :now where state = 'queued' and reason = :reason
                          and org_unit_id in (select u.id from org_unit u where starts_with(u.path, :path))
                        """)
                .param("now", utc(now))
                .param("reason", STOPPED)
                .param("path", path(unit.value()))
                .update();
        wakeUp.afterCommit();
        return account(unit);
    }

    @Scheduled(fixedDelayString = "PT20S", initialDelayString = "PT20S")
    void warn() {
        transaction.executeWithoutResult(status -> {
            LocalDate month = month(clock.instant());
            for (Limit limit : limits()) {
                int percent = percent(spent(path(limit.unit()), month), limit.monthly());
                for (int step : List.of(WARNED_AT, STOPPED_AT)) {
                    if (percent >= step && limit.monthly().signum() > 0 && first(limit.unit(), month, step)) {
                        events.publishEvent(new SpendingReached(limit.unit(), month, step));
                    }
                }
            }
        });
    }

    private boolean first(UUID unit, LocalDate month, int percent) {
        return jdbc.sql("""
                        insert into spending_warning (org_unit_id, month, percent, at) values (?, ?, ?, ?) on conflict do nothing
                        """).params(unit, month, percent, utc(clock.instant())).update() == 1;
    }

    private static Limit read(ResultSet row, int number) throws SQLException {
        return new Limit(
                row.getObject("org_unit_id", UUID.class),
                row.getBigDecimal("monthly"),
                row.getBoolean("stops_operational"),
                row.getString("set_by"),
                JdbcMessages.instant(row, "set_at"));
    }
}
