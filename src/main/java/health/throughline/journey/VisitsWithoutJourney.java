package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.organization.Coverage;
import health.throughline.organization.Organization;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * When a department may do what it could not before, the visits booked meanwhile get their journey, and journeys that only pretended begin
 * anew. A mark on the unit says that it is still to be looked through, so that a node which dies in the middle leaves it to another.
 */
@Component
class VisitsWithoutJourney {

    private static final int BATCH = 50;
    private static final UUID FIRST = new UUID(0, 0);
    private static final Logger LOG = LoggerFactory.getLogger(VisitsWithoutJourney.class);

    private final JdbcClient jdbc;
    private final Appointments appointments;
    private final AppointmentJourneys journeys;
    private final TransactionTemplate transaction;
    private final Clock clock;

    VisitsWithoutJourney(
            JdbcClient jdbc,
            Appointments appointments,
            AppointmentJourneys journeys,
            TransactionTemplate transaction,
            Clock clock) {
        this.jdbc = jdbc;
        this.appointments = appointments;
        this.journeys = journeys;
        this.transaction = transaction;
        this.clock = clock;
    }

    @EventListener
    void on(Organization.PhaseChanged changed) {
        if (changed.to().ordinal() > changed.from().ordinal()) {
            jdbc.sql("update org_unit set journeys_due = true where id = ?")
                    .param(changed.unit().value())
                    .update();
        }
    }

    @EventListener
    void on(Organization.AllowListed listed) {
        jdbc.sql("update org_unit set journeys_due = true where id = ?")
                .param(listed.unit().value())
                .update();
    }

    @EventListener
    void on(Coverage.Covered covered) {
        jdbc.sql("""
                        update org_unit u set journeys_due = true from org_unit a
                        where a.id = ? and starts_with(u.path, a.path) and u.phase <> 'off'
                        """).param(covered.unit().value()).update();
    }

    @Scheduled(fixedDelay = 1000)
    void lookThrough() {
        List<Marked> marked = jdbc.sql("select id, version from org_unit where journeys_due")
                .query((row, n) -> new Marked(row.getObject(1, UUID.class), row.getInt(2)))
                .list();
        for (Marked unit : marked) {
            try {
                lookThrough(unit);
            } catch (RuntimeException e) {
                LOG.warn(
                        "The visits of unit {} wait: {}",
                        unit.id(),
                        e.getClass().getSimpleName());
                LOG.debug("Visits without journey", e);
            }
        }
    }

    private record Marked(UUID id, int version) {}

    private void lookThrough(Marked unit) {
        UUID after = FIRST;
        while (true) {
            UUID from = after;
            List<UUID> batch = transaction.execute(status -> next(unit.id(), from));
            if (batch == null || batch.isEmpty()) {
                break;
            }
            batch.forEach(id -> transaction.executeWithoutResult(status -> begin(id)));
            after = batch.getLast();
        }
        transaction.executeWithoutResult(
                status -> jdbc.sql("update org_unit set journeys_due = false where id = ? and version = ?")
                        .params(unit.id(), unit.version())
                        .update());
    }

    /** Visits to come that nothing ever said anything about, and no journey is about to. */
    private List<UUID> next(UUID unit, UUID after) {
        return jdbc.sql("""
                        select a.id from appointment a
                        where a.org_unit_id = :unit and a.status in ('booked', 'pending') and a.start_at > :now and a.id > :after
                          and not exists (select 1 from journey_instance i
                              where i.subject_type = 'appointment' and i.subject_id = a.id and i.state <> 'withdrawn'
                                and not (i.state = 'active' and exists (select 1 from dispatch d
                                        where d.journey_instance_id = i.id and d.shadow_at is not null)
                                    and not exists (select 1 from dispatch d
                                        where d.journey_instance_id = i.id and d.sent_at is not null)))
                        order by a.id limit :limit
                        """)
                .param("unit", unit)
                .param("now", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .param("after", after)
                .param("limit", BATCH)
                .query(UUID.class)
                .list();
    }

    private void begin(UUID visit) {
        appointments.hold(new AppointmentId(visit)).ifPresent(this::begin);
    }

    private void begin(Appointment visit) {
        if (journeys.reallySendsTo(visit) || !journeys.hasJourney(visit)) {
            journeys.beginAnew(visit, "department-phase");
        }
    }
}
