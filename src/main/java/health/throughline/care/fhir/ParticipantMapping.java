package health.throughline.care.fhir;

import health.throughline.care.Appointments.Participant;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.Patients;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Appointment.AppointmentParticipantComponent;
import org.hl7.fhir.r4.model.Reference;
import org.springframework.stereotype.Component;

/** Finds the party behind who takes part in an appointment. */
@Component
class ParticipantMapping {

    /** Who takes part, by FHIR type, and what such a party is called here. */
    private static final Map<String, String> PARTIES = Map.of(
            "Patient", "patient",
            "RelatedPerson", "related_person",
            "Practitioner", "practitioner",
            "Organization", "organization");

    private final Patients patients;
    private final PatientFeed feed;

    ParticipantMapping(Patients patients, PatientFeed feed) {
        this.patients = patients;
        this.feed = feed;
    }

    /** None for a place or a thing, and for somebody nobody has told of. */
    Optional<Participant> participant(
            Intake intake, AppointmentParticipantComponent participant, String type, String expression) {
        String kind = PARTIES.get(type);
        if (kind == null) {
            return Optional.empty();
        }
        return party(intake, participant.getActor(), type, kind, expression)
                .map(party -> new Participant(party, kind, status(participant)));
    }

    private Optional<PartyId> party(Intake intake, Reference actor, String type, String kind, String expression) {
        if (type.equals("Patient")) {
            return intake.patient(actor, expression).map(id -> intake.party(id, patients::partyOf));
        }
        return intake.resolve(actor, type, expression)
                .flatMap(key -> intake.party(key, known -> feed.findParty(intake.source(), kind, known.externalId())));
    }

    private static String status(AppointmentParticipantComponent participant) {
        return participant.hasStatus() ? participant.getStatus().toCode() : "needs-action";
    }
}
