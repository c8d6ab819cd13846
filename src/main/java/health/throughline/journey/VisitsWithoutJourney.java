package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.organization.Coverage;
import health.throughline.organization.OpenUnits;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.Identities;
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
 * When a department may do what it could not before, or it is settled who a patient is, the visits booked meanwhile get their journey, and
 * journeys that only pretended begin anew. A mark on the unit says that it is still to be looked through, so that a node which dies in the
 * middle leaves it to another.
 */
@Component
class VisitsWithoutJourney {

    private static final int BATCH = 50;
    private static final UUID FIRST = new UUID(0, 0);

    /** Of visits to come: nothing ever said anything about it, no journey is about to, and nobody withdrew the visit's journey by hand. */
    private static final String UNSAID = """
            a.status in ('booked', 'pending') and a.start_at > :now
            and not exists (select 1 from journey_instance i
                where i.subject_type = 'appointment' and i.subject_id = a.id
                  and (i.state <> 'withdrawn'
                      or i.subject_revision = a.revision and i.outcome not like 'visit-%'
                          and i.outcome not in ('patient-died', 'department-phase'))
                  and not (i.state = 'active' and exists (select 1 from dispatch d
                          where d.journey_instance_id = i.id and d.shadow_at is not null)
                      and not exists (select 1 from dispatch d
                          where d.journey_instance_id = i.id and d.sent_at is not null)))
            """;

    private static final Logger LOG = LoggerFactory.getLogger(VisitsWithoutJourney.class);

    private final OpenUnits open;
    private final JdbcClient jdbc;
    private final Appointments appointments;
    private final AppointmentJourneys journeys;
    private final Identities identities;
    private final Organization organization;
    private final TransactionTemplate transaction;
    private final Clock clock;

    VisitsWithoutJourney(
            OpenUnits open,
            JdbcClient jdbc,
            Appointments appointments,
            AppointmentJourneys journeys,
            Identities identities,
            Organization organization,
            TransactionTemplate transaction,
            Clock clock) {
        this.open = open;
        this.jdbc = jdbc;
        this.appointments = appointments;
        this.journeys = journeys;
        this.identities = identities;
        this.organization = organization;
        this.transaction = transaction;
        this.clock = clock;
    }

    @EventListener
    void on(Organization.PhaseChanged changed) {
        if (changed.to().ordinal() > changed.from().ordinal()) {
            open.mark(changed.unit());
        }
    }

    @EventListener
    void on(Organization.AllowListed listed) {
        open.mark(listed.unit());
    }

    @EventListener
    void on(Coverage.Covered covered) {
        open.markWithThoseBelow(covered.unit());
    }

    @EventListener
    void on(Identities.IdentityChanged changed) {
        if (!journeys.mayBeContacted(changed.patient())) {
            return;
        }
        identities.standsFor(changed.patient()).stream()
                .flatMap(record -> appointments.of(record).stream())
                .filter(visit -> visit.startAt() != null && visit.startAt().isAfter(clock.instant()))
                .map(Appointment::orgUnit)
                .distinct()
                .forEach(open::mark);
    }

    @Scheduled(fixedDelay = 1000)
    void lookThrough() {
        for (OpenUnits.Marked unit : open.marked()) {
            try {
                lookThrough(unit);
            } catch (RuntimeException e) {
                LOG.warn(
                        "The visits of unit {} wait: {}",
                        unit.unit(),
                        e.getClass().getSimpleName());
                LOG.debug("Visits without journey", e);
            }
        }
    }

    /** A node that still takes the unit for what it was would pass over its visits, and waits for a moment. */
    void lookThrough(OpenUnits.Marked unit) {
        if (organization.find(unit.unit()).map(OrgUnit::phase).orElse(null) != unit.phase()) {
            return;
        }
        UUID after = FIRST;
        while (true) {
            UUID from = after;
            List<UUID> batch = transaction.execute(status -> next(unit.unit().value(), from));
            if (batch == null || batch.isEmpty()) {
                break;
            }
            batch.forEach(id -> transaction.executeWithoutResult(status -> begin(id)));
            after = batch.getLast();
        }
        open.lookedThrough(unit);
    }

    private List<UUID> next(UUID unit, UUID after) {
        return jdbc.sql("select a.id from appointment a where a.org_unit_id = :unit and a.id > :after and " + UNSAID
                        + " order by a.id limit :limit")
                .param("unit", unit)
                .param("now", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .param("after", after)
                .param("limit", BATCH)
                .query(UUID.class)
                .list();
    }

    /** Another node may have listed the visit, too, and begun it meanwhile: whoever comes second sees what the first did. */
    void begin(UUID visit) {
        appointments.hold(new AppointmentId(visit)).filter(this::isUnsaid).ifPresent(this::begin);
    }

    private boolean isUnsaid(Appointment visit) {
        return jdbc.sql("select exists (select 1 from appointment a where a.id = :id and " + UNSAID + ")")
                .param("id", visit.id().value())
                .param("now", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .query(Boolean.class)
                .single();
    }

    private void begin(Appointment visit) {
        if (journeys.reallySendsTo(visit) || !journeys.hasJourney(visit)) {
            journeys.beginAnew(visit, "department-phase");
        }
    }
}
