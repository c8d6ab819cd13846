package health.throughline.coordination;

import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.PatientStatus;
import health.throughline.patient.Patients;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Patients as staff pages show them. */
@Component
class People {

    private final Patients patients;

    People(Patients patients) {
        this.patients = patients;
    }

    @Schema(name = "PatientName")
    record Name(UUID id, String name) {}

    @Schema(name = "Phone")
    record Phone(String value, @Nullable String use, boolean landline) {}

    @Schema(name = "PatientCard")
    record Card(
            UUID id,
            String name,
            @Nullable String birthDate,
            @Nullable String language,
            boolean interpreterNeeded,
            List<Phone> phones,
            String status,
            @Nullable String zone) {}

    @Schema(name = "PatientSummary")
    record Summary(
            UUID id,
            String name,
            @Nullable String birthDate,
            @Nullable String language,
            String status) {}

    Optional<PatientProfile> profile(UUID id) {
        return patients.find(new PatientId(id));
    }

    Optional<Summary> record(UUID id) {
        return patients.findRecord(new PatientId(id)).map(People::summary);
    }

    Optional<Name> name(@Nullable UUID id) {
        return Optional.ofNullable(id)
                .flatMap(this::profile)
                .map(profile -> new Name(profile.id().value(), fullName(profile)));
    }

    static String fullName(PatientProfile profile) {
        return (profile.givenName() + " " + profile.familyName()).strip();
    }

    static Summary summary(PatientProfile profile) {
        return new Summary(
                profile.id().value(),
                fullName(profile),
                birthDate(profile),
                profile.language(),
                profile.status().code());
    }

    static Card card(PatientProfile profile) {
        Map<String, Phone> phones = new LinkedHashMap<>();
        for (ContactPoint point : profile.reachable()) {
            if (point.address().isPhoneNumber()) {
                phones.putIfAbsent(
                        point.address().value(), new Phone(point.address().value(), point.use(), point.landline()));
            }
        }
        return new Card(
                profile.id().value(),
                fullName(profile),
                birthDate(profile),
                profile.language(),
                profile.interpreterNeeded(),
                List.copyOf(phones.values()),
                status(profile.status()),
                profile.zone() == null ? null : profile.zone().getId());
    }

    private static String status(PatientStatus status) {
        return status.code();
    }

    private static @Nullable String birthDate(PatientProfile profile) {
        return profile.birthDate() == null ? null : profile.birthDate().toString();
    }
}
