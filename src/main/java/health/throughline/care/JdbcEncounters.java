package health.throughline.care;

import health.throughline.TimeOrderedId;
import health.throughline.care.AppointmentChanged.Kind;
import health.throughline.patient.PatientId;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JdbcEncounters implements Encounters {

    private static final Set<String> BEING_SEEN = Set.of("arrived", "triaged", "in-progress", "onleave");
    private static final Set<String> IN_A_BED = Set.of("IMP", "ACUTE", "NONAC", "OBSENC", "SS");
    /** An encounter belongs to an appointment that starts this close to it. */
    private static final Duration NEAR = Duration.ofHours(4);
    /** An older one is history being loaded, not a visit going on. */
    private static final Duration RECENT = Duration.ofDays(2);

    private final JdbcClient jdbc;
    private final Appointments appointments;
    private final JdbcAppointmentRows rows;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    JdbcEncounters(
            JdbcClient jdbc,
            Appointments appointments,
            JdbcAppointmentRows rows,
            ApplicationEventPublisher events,
            Clock clock) {
        this.jdbc = jdbc;
        this.appointments = appointments;
        this.rows = rows;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public void apply(EncounterRecord record) {
        Optional<Known> known = known(record.source(), record.externalId());
        if (known.isPresent()
                && SourceOrder.isOlder(record.sequence(), known.get().sequence())) {
            return;
        }
        Optional<Appointment> appointment = known.map(Known::appointment)
                .flatMap(id -> appointments.find(new AppointmentId(id)))
                .or(() -> appointmentOf(record));
        store(record, appointment.map(Appointment::id).orElse(null));
        announce(record, known.orElse(null), appointment);
    }

    @Override
    public void remove(String source, String externalId, String version, long sequence) {
        known(source, externalId)
                .filter(known -> !SourceOrder.isOlder(sequence, known.sequence()))
                .ifPresent(known -> jdbc.sql("""
                        update encounter set status = 'entered-in-error', source_version = :version, source_sequence = :sequence,
                            updated_at = :now
                        where source = :source and external_id = :external""")
                        .param("version", version)
                        .param("sequence", sequence)
                        .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                        .param("source", source)
                        .param("external", externalId)
                        .update());
    }

    @Override
    public boolean inpatientNow(PatientId patient) {
        return jdbc.sql("""
                select exists (select from encounter
                    where patient_id in (select merged_group(surviving_patient(:patient))) and ended_at is null
                    and class = any(:classes::text[]) and status = any(:statuses::text[]))""")
                .param("patient", patient.value())
                .param("classes", IN_A_BED.toArray(String[]::new))
                .param("statuses", BEING_SEEN.toArray(String[]::new))
                .query(Boolean.class)
                .single();
    }

    private Optional<Known> known(String source, String externalId) {
        return jdbc.sql("""
                select status, class, source_sequence, appointment_id from encounter
                where source = :source and external_id = :external for update""")
                .param("source", source)
                .param("external", externalId)
                .query((row, n) -> new Known(
                        row.getString("status"),
                        row.getString("class"),
                        row.getLong("source_sequence"),
                        row.getObject("appointment_id", UUID.class)))
                .optional();
    }

    private void announce(EncounterRecord record, @Nullable Known before, Optional<Appointment> appointment) {
        boolean began = isGoingOn(record.status())
                && record.endedAt() == null
                && (before == null
                        || !isGoingOn(before.status())
                        || IN_A_BED.contains(record.encounterClass()) != IN_A_BED.contains(before.encounterClass()));
        if (began) {
            events.publishEvent(new VisitBegan(
                    record.patient(),
                    appointment.map(Appointment::id).orElse(null),
                    IN_A_BED.contains(record.encounterClass())));
        }
        boolean ended = record.status().equals("finished")
                && (before == null || !before.status().equals("finished"));
        if (ended) {
            appointment.filter(JdbcEncounters::isOpen).ifPresent(visit -> {
                rows.ended(visit, record.version(), clock.instant());
                events.publishEvent(new AppointmentChanged(visit, Kind.ENDED));
            });
        }
    }

    private static boolean isGoingOn(String status) {
        return BEING_SEEN.contains(status);
    }

    private static boolean isOpen(Appointment appointment) {
        return switch (appointment.status()) {
            case BOOKED, PENDING, ARRIVED, CHECKED_IN -> true;
            case PROPOSED, WAITLIST, FULFILLED, CANCELLED, NOSHOW, ENTERED_IN_ERROR -> false;
        };
    }

    /** As the encounter names it, else the one open appointment of the patient that starts near it. */
    private Optional<Appointment> appointmentOf(EncounterRecord record) {
        String named = record.appointmentExternalId();
        if (named != null) {
            return appointments
                    .findByExternalId(record.source(), named)
                    .filter(appointment -> appointment.patient().equals(record.patient()));
        }
        Instant start = record.startedAt();
        if (start == null || start.isBefore(clock.instant().minus(RECENT))) {
            return Optional.empty();
        }
        var near = appointments.of(record.patient()).stream()
                .filter(JdbcEncounters::isOpen)
                .filter(appointment -> isNear(appointment.startAt(), start))
                .toList();
        return near.size() == 1 ? Optional.of(near.getFirst()) : Optional.empty();
    }

    private static boolean isNear(@Nullable Instant appointment, Instant encounter) {
        return appointment != null
                && Duration.between(appointment, encounter).abs().compareTo(NEAR) <= 0;
    }

    private void store(EncounterRecord record, @Nullable AppointmentId appointment) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        jdbc.sql("""
                insert into encounter as e (id, source, external_id, source_version, source_sequence, patient_id, org_unit_id,
                    appointment_id, class, status, started_at, ended_at, updated_at)
                values (:id, :source, :external, :version, :sequence, :patient, :unit,
                    :appointment, :class, :status, :started, :ended, :now)
                on conflict (source, external_id) do update set source_version = excluded.source_version,
                    source_sequence = excluded.source_sequence, patient_id = excluded.patient_id,
                    org_unit_id = excluded.org_unit_id, appointment_id = excluded.appointment_id, class = excluded.class,
                    status = excluded.status, started_at = excluded.started_at, ended_at = excluded.ended_at,
                    updated_at = excluded.updated_at
                    where (e.patient_id, e.org_unit_id, e.appointment_id, e.class, e.status, e.started_at, e.ended_at, e.source_sequence)
                        is distinct from (excluded.patient_id, excluded.org_unit_id, excluded.appointment_id, excluded.class,
                        excluded.status, excluded.started_at, excluded.ended_at, excluded.source_sequence)""")
                .param("id", TimeOrderedId.next())
                .param("source", record.source())
                .param("external", record.externalId())
                .param("version", record.version())
                .param("sequence", record.sequence())
                .param("patient", record.patient().value())
                .param("unit", record.orgUnit().value())
                .param("appointment", appointment == null ? null : appointment.value(), Types.OTHER)
                .param("class", record.encounterClass())
                .param("status", record.status())
                .param("started", at(record.startedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("ended", at(record.endedAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("now", now)
                .update();
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private record Known(
            String status,
            String encounterClass,
            long sequence,
            @Nullable UUID appointment) {}
}
