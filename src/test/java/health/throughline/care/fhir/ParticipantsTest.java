package health.throughline.care.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ParticipantsTest extends FhirTest {

    @Test
    void keepsWhoTakesPartInStepWithTheAppointment() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0155", ""));
        put("Practitioner/d-" + id, """
                {"resourceType":"Practitioner","id":"d-%s","name":[{"family":"Sample","given":["Dee"]}]}""".formatted(id));
        put("RelatedPerson/r-" + id, """
                {"resourceType":"RelatedPerson","id":"r-%1$s","patient":{"reference":"Patient/%1$s"},
                 "relationship":[{"coding":[{"code":"MTH"}]}],"name":[{"family":"Sample","given":["Em"]}]}""".formatted(id));

        put(
                "Appointment/a-" + id,
                with(
                        1,
                        participant("Practitioner/d-" + id, "tentative")
                                + participant("Practitioner/nobody-" + id, "accepted")));
        assertThat(participants()).containsExactly("patient accepted", "practitioner tentative");

        put(
                "Appointment/a-" + id,
                with(
                        2,
                        participant("Practitioner/d-" + id, "declined")
                                + participant("RelatedPerson/r-" + id, "accepted")));
        assertThat(participants())
                .containsExactly("patient accepted", "practitioner declined", "related_person accepted");

        put("Appointment/a-" + id, with(3, participant("RelatedPerson/r-" + id, "accepted")));
        assertThat(participants()).containsExactly("patient accepted", "related_person accepted");

        put("Appointment/a-" + id, with(2, participant("Practitioner/d-" + id, "accepted")));
        assertThat(participants()).containsExactly("patient accepted", "related_person accepted");
    }

    private String with(int version, String more) {
        return appointment("a-" + id, version, "booked", "2031-05-05T15:30:00Z")
                .replace("\"participant\":[", "\"participant\":[" + more);
    }

    private static String participant(String reference, String status) {
        return "{\"actor\":{\"reference\":\"%s\"},\"status\":\"%s\"},".formatted(reference, status);
    }

    private List<String> participants() {
        return inTransaction(() -> jdbc.sql("""
                        select p.kind || ' ' || p.status from appointment_participant p
                        join party on party.id = p.party_id and party.kind = p.kind
                        where p.appointment_id = ? order by 1""")
                .param(appointment("a-" + id).id().value())
                .query(String.class)
                .list());
    }
}
