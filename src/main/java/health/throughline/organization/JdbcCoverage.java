package health.throughline.organization;

import health.throughline.TimeOrderedId;
import health.throughline.audit.Audit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table queue: one row a unit, its hours and chains as JSON. */
@Repository
class JdbcCoverage implements Coverage {

    private static final String CLOSURES = "closures";
    private static final int MOST_LEVELS = 16;

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Organization organization;
    private final Audit audit;
    private final ApplicationEventPublisher events;

    JdbcCoverage(
            JdbcClient jdbc,
            JsonMapper json,
            Organization organization,
            Audit audit,
            ApplicationEventPublisher events) {
        this.jdbc = jdbc;
        this.json = json;
        this.organization = organization;
        this.audit = audit;
        this.events = events;
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<Queue> of(OrgUnitId unit) {
        ZoneId zone = organization.find(unit).map(OrgUnit::zone).orElse(ZoneId.of("UTC"));
        return jdbc.sql("select * from queue where org_unit_id = ? order by name limit 1")
                .param(unit.value())
                .query((row, n) -> queue(row, zone))
                .optional();
    }

    @Override
    @Transactional(readOnly = true)
    public List<OnCall> onCall(OrgUnitId unit) {
        Optional<OrgUnit> at = organization.find(unit);
        for (int level = 0; level < MOST_LEVELS && at.isPresent(); level++) {
            List<OnCall> chain = of(at.get().id()).map(Queue::onCall).orElse(List.of());
            if (!chain.isEmpty()) {
                return chain;
            }
            at = above(at.get());
        }
        return List.of();
    }

    @Override
    @Transactional(readOnly = true)
    public List<OnCall> toPage(OrgUnitId unit) {
        List<OnCall> chain = onCall(unit);
        return chain.isEmpty() ? below(unit) : chain;
    }

    private List<OnCall> below(OrgUnitId unit) {
        return jdbc.sql("""
                        select b.id from org_unit u join org_unit b on starts_with(b.path, u.path) join queue q on q.org_unit_id = b.id
                        where u.id = ? and jsonb_array_length(q.on_call_chain) > 0 order by length(b.path) - length(replace(b.path, '/', '')), b.id limit 1
                        """)
                .param(unit.value())
                .query(UUID.class)
                .optional()
                .flatMap(below -> of(new OrgUnitId(below)))
                .map(Queue::onCall)
                .orElse(List.of());
    }

    @Override
    @Transactional(readOnly = true)
    public boolean isCovered(OrgUnitId unit) {
        return jdbc.sql("select unit_is_covered(?)")
                .param(unit.value())
                .query(Boolean.class)
                .single();
    }

    @Override
    @Transactional(readOnly = true)
    public Instant after(OrgUnitId unit, Instant from, Duration work) {
        return hours(unit).map(hours -> hours.after(from, work)).orElseGet(() -> from.plus(work));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<StaffedHours> hours(OrgUnitId unit) {
        return jdbc.sql("select * from unit_calendar(?)")
                .param(unit.value())
                .query((row, n) ->
                        Optional.ofNullable(hours(row.getString("calendar"), ZoneId.of(row.getString("zone")))))
                .optional()
                .flatMap(hours -> hours);
    }

    /** By the path, which every unit has; not every one names its parent. */
    private Optional<OrgUnit> above(OrgUnit unit) {
        String path = unit.path();
        int cut = path.lastIndexOf('/', path.length() - 2);
        return cut <= 0 ? Optional.empty() : organization.findByPath(path.substring(0, cut + 1));
    }

    @Override
    @Transactional
    public void save(OrgUnitId unit, Queue queue) {
        jdbc.sql("""
            insert into queue (id, org_unit_id, name, calendar, coverage, on_call_chain)
            values (:id, :unit, :name, :calendar::jsonb, :coverage::jsonb, :chain::jsonb)
            on conflict (org_unit_id, name) do update
            set calendar = excluded.calendar, coverage = excluded.coverage, on_call_chain = excluded.on_call_chain
            """)
                .param("id", TimeOrderedId.next())
                .param("unit", unit.value())
                .param("name", queue.name())
                .param("calendar", json.writeValueAsString(calendar(queue.hours())))
                .param("coverage", json.writeValueAsString(queue.covering()))
                .param("chain", json.writeValueAsString(queue.onCall()))
                .update();
        if (!queue.onCall().isEmpty()) {
            events.publishEvent(new Covered(unit));
        }
        audit.record(Audit.Entry.done("queue.save", "org_unit", unit, null)
                .with("on_call", String.valueOf(queue.onCall().size())));
    }

    private Queue queue(ResultSet row, ZoneId zone) throws SQLException {
        return new Queue(
                row.getString("name"),
                hours(row.getString("calendar"), zone),
                json.readValue(row.getString("coverage"), new TypeReference<List<String>>() {}),
                json.readValue(row.getString("on_call_chain"), new TypeReference<List<OnCall>>() {}));
    }

    private static Map<String, Object> calendar(@Nullable StaffedHours hours) {
        var calendar = new LinkedHashMap<String, Object>();
        if (hours == null) {
            return calendar;
        }
        new TreeMap<>(hours.days())
                .forEach((day, spans) -> calendar.put(
                        day.name().toLowerCase(Locale.ROOT),
                        spans.stream()
                                .map(span -> span.from() + "-" + span.to())
                                .toList()));
        calendar.put(
                CLOSURES,
                new TreeSet<>(hours.closures())
                        .stream().map(LocalDate::toString).toList());
        return calendar;
    }

    private @Nullable StaffedHours hours(String stored, ZoneId zone) {
        Map<String, List<String>> calendar = json.readValue(stored, new TypeReference<>() {});
        if (calendar.isEmpty()) {
            return null;
        }
        var days = new EnumMap<DayOfWeek, List<StaffedHours.Span>>(DayOfWeek.class);
        calendar.forEach((day, spans) -> {
            if (!day.equals(CLOSURES)) {
                days.put(
                        DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT)),
                        spans.stream().map(JdbcCoverage::span).toList());
            }
        });
        return new StaffedHours(
                zone,
                days,
                calendar.getOrDefault(CLOSURES, List.of()).stream()
                        .map(LocalDate::parse)
                        .collect(java.util.stream.Collectors.toSet()));
    }

    private static StaffedHours.Span span(String text) {
        int dash = text.indexOf('-');
        return new StaffedHours.Span(
                LocalTime.parse(text.substring(0, dash)), LocalTime.parse(text.substring(dash + 1)));
    }
}
