package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What a text about a visit may say: patient-safe names only, the time as the clinic's own clock shows it. */
@Component
class VisitFacts {

    private static final Map<String, String> NEUTRAL = Map.of("en", "Your care team", "es", "Su equipo de salud");

    private final Organization organization;
    private final Patients patients;
    private final SensitiveVisits sensitive;

    VisitFacts(Organization organization, Patients patients, SensitiveVisits sensitive) {
        this.sensitive = sensitive;
        this.organization = organization;
        this.patients = patients;
    }

    /** Either the values, or the code of why there are none. */
    record Facts(Map<String, Object> values, @Nullable String missing) {}

    Facts of(Appointment appointment, PatientId patient) {
        PatientProfile profile = patients.find(patient).orElse(null);
        OrgUnit place = appointment.location() == null
                ? null
                : organization.find(appointment.location()).orElse(null);
        OrgUnit hospital = organization
                .ancestor(appointment.orgUnit(), OrgUnit.Kind.HOSPITAL)
                .orElse(null);
        if (profile == null) {
            return missing("no-patient");
        }
        if (place == null || place.patientSafeName() == null) {
            return missing("place-unnamed");
        }
        if (hospital == null || hospital.patientSafeName() == null) {
            return missing("hospital-unnamed");
        }
        Instant start = appointment.startAt();
        if (start == null) {
            return missing("visit-without-time");
        }
        LocalDateTime local = appointment.startLocal() != null
                ? appointment.startLocal()
                : LocalDateTime.ofInstant(start, appointment.zone());
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("givenName", profile.givenName());
        values.put("provider", sensitive.isSensitive(appointment) ? neutral(profile) : hospital.patientSafeName());
        values.put("visit", local);
        values.put("place", place.patientSafeName());
        values.put("address", address(place));
        values.put("parking", place.parking() == null ? "none" : place.parking());
        values.put("phone", Objects.requireNonNullElse(firstPhone(place, hospital), ""));
        return new Facts(values, null);
    }

    /** Whoever looks over a shoulder learns nothing of where somebody is treated (K13). */
    private static String neutral(PatientProfile patient) {
        return NEUTRAL.getOrDefault(
                patient.language() == null
                        ? "en"
                        : Locale.forLanguageTag(patient.language()).getLanguage(),
                "Your care team");
    }

    private @Nullable String firstPhone(OrgUnit place, OrgUnit hospital) {
        return Optional.ofNullable(place.phone()).orElse(hospital.phone());
    }

    private static String address(OrgUnit place) {
        return Stream.of(place.addressLine(), place.city())
                .filter(Objects::nonNull)
                .collect(Collectors.joining(", "));
    }

    private static Facts missing(String what) {
        return new Facts(Map.of(), what);
    }
}
