package health.throughline.care;

import health.throughline.care.Appointments.AppointmentRecord;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import org.springframework.stereotype.Component;

/** Notices what keeps an appointment from being spoken of in a message (K12). */
@Component
class AppointmentFindings {

    private final JdbcVisitTypes visitTypes;
    private final Organization organization;
    private final Findings findings;

    AppointmentFindings(JdbcVisitTypes visitTypes, Organization organization, Findings findings) {
        this.visitTypes = visitTypes;
        this.organization = organization;
        this.findings = findings;
    }

    void check(AppointmentRecord record) {
        String code = record.visitType();
        boolean unmapped = code != null
                && visitTypes
                        .find(record.source(), code)
                        .filter(type -> !type.patientSafeName().isEmpty())
                        .isEmpty();
        if (unmapped) {
            findings.found(
                    "visit-type-unmapped",
                    true,
                    record.orgUnit(),
                    null,
                    "VisitType/" + code,
                    "The visit type " + code + " has no patient-safe name; add it to the visit types.");
        }
        var location = record.location();
        if (location == null) {
            return;
        }
        organization
                .find(location)
                .filter(unit -> unit.patientSafeName() == null)
                .map(OrgUnit::path)
                .ifPresent(path -> findings.found(
                        "location-unmapped",
                        true,
                        location,
                        null,
                        "Location" + path,
                        "The location " + path
                                + " has no patient-safe name; send it with the extension patient-safe-name."));
    }
}
