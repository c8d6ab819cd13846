package health.throughline.care.fhir;

import health.throughline.care.Findings;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.util.List;
import java.util.Optional;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Patient.PatientLinkComponent;
import org.springframework.stereotype.Component;

/** Takes down what the EHR says of patients who are one person. Nothing is merged by it: two people made one is worse than one made two. */
@Component
class MergeFindings {

    static final String KIND = "patient-merged-by-source";

    private final Findings findings;
    private final Patients patients;
    private final FhirParser parser;

    MergeFindings(Findings findings, Patients patients, FhirParser parser) {
        this.findings = findings;
        this.patients = patients;
        this.parser = parser;
    }

    /** After every patient of the message is known. */
    void check(Intake intake, Incoming incoming) {
        Optional<PatientId> patient = intake.patient(incoming.key());
        if (patient.isEmpty() || !incoming.resource().has("link")) {
            return;
        }
        List<PatientLinkComponent> links = parser.parse(Patient.class, incoming).getLink();
        for (int n = 0; n < links.size(); n++) {
            LinkType type = links.get(n).getType();
            if (type == LinkType.REPLACEDBY || type == LinkType.REPLACES) {
                Optional<PatientId> other = intake.patient(links.get(n).getOther(), "Patient.link[" + n + "].other");
                boolean replaced = type == LinkType.REPLACEDBY;
                found(intake, incoming, patient.get(), replaced ? patient : other, replaced ? other : patient);
            }
        }
    }

    private void found(
            Intake intake, Incoming incoming, PatientId told, Optional<PatientId> gone, Optional<PatientId> staying) {
        if (gone.equals(staying)) {
            return;
        }
        String sentence =
                "The EHR says that %s was merged into %s. Nothing was merged here: settle whether they are one person."
                        .formatted(named(gone), named(staying));
        intake.differs(incoming, List.of(sentence));
        findings.found(
                KIND, false, null, told.value(), "Patient/" + id(gone) + "/merged-into/" + id(staying), sentence);
    }

    private static String named(Optional<PatientId> patient) {
        return patient.map(id -> "the patient " + id).orElse("a patient not known here");
    }

    private static String id(Optional<PatientId> patient) {
        return patient.map(PatientId::toString).orElse("unknown");
    }
}
