package health.throughline.selfservice;

import health.throughline.audit.Actor;
import health.throughline.audit.Audit;
import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What a verified patient may read of a visit, in names that are safe to read over a shoulder. Every look is audited. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class Visits {

    private static final Set<Appointment.Status> PLANNED =
            Set.of(Appointment.Status.BOOKED, Appointment.Status.PENDING, Appointment.Status.WAITLIST);

    private final Appointments appointments;
    private final Patients patients;
    private final Organization organization;
    private final Audit audit;
    private final Clock clock;

    Visits(Appointments appointments, Patients patients, Organization organization, Audit audit, Clock clock) {
        this.appointments = appointments;
        this.patients = patients;
        this.organization = organization;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * @param what patient-safe name of the visit; none where it has none
     * @param preparation kind of visit, by which the preparation is chosen
     * @param answer what the patient said last
     */
    record Visit(
            String givenName,
            @Nullable String provider,
            @Nullable String what,
            LocalDateTime when,
            @Nullable String place,
            @Nullable String address,
            @Nullable String parking,
            @Nullable String phone,
            String preparation,
            Appointment.@Nullable Answer answer) {}

    /** None where it is over, cancelled or not theirs. */
    Optional<Visit> look(PatientId patient, UUID appointment, String language) {
        Instant now = clock.instant();
        Optional<Appointment> visit = appointments
                .find(new AppointmentId(appointment))
                .filter(one -> patients.surviving(one.patient()).equals(patients.surviving(patient)));
        new Actor(Actor.Kind.PATIENT, patient.toString()).run(() -> {
            audit.record(Audit.Entry.done("page.visit", "appointment", appointment, patient.value())
                    .withOutcome(visit.isPresent() ? "done" : "not_found"));
            return true;
        });
        return visit.filter(one -> PLANNED.contains(one.status()))
                .filter(one -> one.startAt() != null && one.startAt().isAfter(now))
                .flatMap(one -> patients.find(patient).map(profile -> visit(one, profile, language)));
    }

    private Visit visit(Appointment one, PatientProfile patient, String language) {
        OrgUnit place = organization
                .find(Objects.requireNonNullElse(one.location(), one.orgUnit()))
                .orElse(null);
        OrgUnit hospital = hospital(one.orgUnit());
        LocalDateTime local = one.startLocal() != null
                ? one.startLocal()
                : LocalDateTime.ofInstant(Objects.requireNonNull(one.startAt()), one.zone());
        return new Visit(
                patient.givenName(),
                hospital == null ? null : hospital.patientSafeName(),
                appointments.patientSafeVisitName(one, language).orElse(null),
                local,
                place == null ? null : place.patientSafeName(),
                place == null
                        ? null
                        : Stream.of(place.addressLine(), place.city())
                                .filter(Objects::nonNull)
                                .collect(Collectors.joining(", ")),
                place == null ? null : place.parking(),
                phone(place, hospital),
                appointments.visitClass(one),
                one.answer());
    }

    /** Whom to call about it. */
    @Nullable
    String phoneOf(OrgUnitId unit) {
        return phone(organization.find(unit).orElse(null), hospital(unit));
    }

    private @Nullable OrgUnit hospital(OrgUnitId unit) {
        return organization.ancestor(unit, OrgUnit.Kind.HOSPITAL).orElse(null);
    }

    private static @Nullable String phone(@Nullable OrgUnit place, @Nullable OrgUnit hospital) {
        return Stream.of(Optional.ofNullable(place), Optional.ofNullable(hospital))
                .flatMap(Optional::stream)
                .map(OrgUnit::phone)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
