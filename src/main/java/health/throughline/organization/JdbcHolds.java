package health.throughline.organization;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Never cached: a hold counts from its commit. */
@Repository
class JdbcHolds implements Holds {

    private final JdbcClient jdbc;
    private final Clock clock;

    JdbcHolds(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    @Transactional
    public Optional<Hold> covering(
            OrgUnitId unit, @Nullable String journey, String channel, @Nullable OrgUnitId location) {
        return jdbc.sql("""
                        select h.id, h.scope, h.scope_value, h.placed_by, h.reason,
                               (select held.name from org_unit held where held.id::text = h.scope_value or held.path = h.scope_value) as place
                        from hold h
                        where h.lifted_at is null
                          and h.placed_from <= :now
                          and (h.placed_until is null or h.placed_until > :now)
                          and case h.scope
                                when 'system' then true
                                when 'journey' then h.scope_value = :journey::text
                                when 'channel' then h.scope_value = :channel
                                when 'location' then h.scope_value in (:location::text,
                                    (select l.path from org_unit l where l.id = :location::uuid))
                                when 'org_unit' then exists (
                                    select 1 from org_unit held
                                    join org_unit u on starts_with(u.path, held.path)
                                    where (held.id::text = h.scope_value or held.path = h.scope_value)
                                      and u.id in (:unit, :location::uuid))
                              end
                        order by h.placed_from, h.id
                        limit 1
                        """)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("journey", journey)
                .param("channel", channel)
                .param("location", location == null ? null : location.toString())
                .param("unit", unit.value())
                .query((row, number) -> new Hold(
                        row.getObject("id", UUID.class),
                        "%s is on hold, placed by %s: %s"
                                .formatted(
                                        what(
                                                row.getString("scope"),
                                                row.getString("scope_value"),
                                                row.getString("place")),
                                        row.getString("placed_by"),
                                        row.getString("reason"))))
                .optional();
    }

    private static String what(String scope, String value, @Nullable String place) {
        return switch (scope) {
            case "system" -> "Everything";
            case "journey" -> "Journey " + value;
            case "channel" -> "Channel " + value;
            default -> place == null ? value : place;
        };
    }
}
