package health.throughline.care.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.care.Appointment.Status;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.json.JsonMapper;

class FhirDeletionTest extends FhirTest {

    private static final String MONDAY = "2031-05-05T15:30:00Z";
    private static final String TUESDAY = "2031-05-06T15:30:00Z";

    @Autowired
    private JsonMapper mapper;

    @Test
    void takesADeletedAppointmentForOneEnteredInError() throws Exception {
        booked(3);
        assertThat(delete("Appointment/a-" + id).getStatus()).isEqualTo(200);
        assertThat(status()).isEqualTo(Status.ENTERED_IN_ERROR);
        assertThat(events()).isEqualTo(2);
        assertThat(delete("Appointment/a-" + id).getStatus()).isEqualTo(200);
        assertThat(events()).isEqualTo(2);
        assertThat(versions("Appointment", "a-" + id)).isEqualTo(2);
    }

    @Test
    void ignoresAnOlderVersionThatComesAfterTheDeletion() throws Exception {
        booked(3);
        delete("Appointment/a-" + id);
        put("Appointment/a-" + id, appointment("a-" + id, 2, "booked", MONDAY));
        put("Appointment/a-" + id, appointment("a-" + id, 3, "booked", TUESDAY));
        put("Appointment/a-" + id, appointment("a-" + id, 4, "booked", TUESDAY));
        assertThat(status()).isEqualTo(Status.ENTERED_IN_ERROR);
        put("Appointment/a-" + id, appointment("a-" + id, 5, "booked", TUESDAY));
        assertThat(status()).isEqualTo(Status.BOOKED);
        assertThat(delete("Appointment/a-" + id).getStatus()).isEqualTo(200);
        assertThat(status()).isEqualTo(Status.ENTERED_IN_ERROR);
    }

    @Test
    void knowsADeletionBeforeItKnowsTheAppointment() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0151", ""));
        delete("Appointment/a-" + id);
        put(
                "Appointment/a-" + id,
                appointment("a-" + id, 1, "booked", MONDAY)
                        .replace(
                                "\"versionId\":\"1\"", "\"versionId\":\"1\",\"lastUpdated\":\"2020-01-01T00:00:00Z\""));
        assertThat(inTransaction(() -> appointments.findByExternalId("ehr", "a-" + id)))
                .isEmpty();
        assertThat(versions("Appointment", "a-" + id)).isEqualTo(2);
    }

    @Test
    void deletesInABundleAsAWholeOrNotAtAll() throws Exception {
        booked(1);
        String bundle = """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"request":{"method":"DELETE","url":"Appointment/a-%1$s"}},
                 {"request":{"method":"DELETE","url":"%2$s"}}]}
                """;
        var refused = post("", bundle.formatted(id, "Patient/" + id));
        assertThat(refused.getStatus()).isEqualTo(422);
        assertThat(refused.getContentAsString()).contains("Bundle.entry[1]").contains("replaced-by");
        assertThat(status()).isEqualTo(Status.BOOKED);
        assertThat(post("", bundle.formatted(id, "Observation/o-" + id)).getStatus())
                .isEqualTo(200);
        assertThat(status()).isEqualTo(Status.ENTERED_IN_ERROR);
        assertThat(versions("Observation", "o-" + id)).isEqualTo(1);
    }

    @Test
    void tellsADeletionFromTheBookingInTheSameMessage() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0152", ""));
        String bundle = """
                {"resourceType":"Bundle","type":"batch","entry":[
                 {"resource":%2$s,"request":{"method":"PUT","url":"Appointment/a-%1$s"}},
                 {"request":{"method":"DELETE","url":"Appointment/a-%1$s"}}]}
                """.formatted(id, appointment("a-" + id, 1, "booked", MONDAY));
        post("", bundle);
        assertThat(status()).isEqualTo(Status.ENTERED_IN_ERROR);
        post("", bundle);
        assertThat(status()).isEqualTo(Status.ENTERED_IN_ERROR);
        assertThat(versions("Appointment", "a-" + id)).isEqualTo(2);
    }

    @Test
    void leavesAMovedVisitWhenItsFormerBookingIsDeleted() throws Exception {
        booked(1);
        put("Appointment/a-" + id, appointment("a-" + id, 2, "cancelled", MONDAY));
        put("Appointment/b-" + id, appointment("b-" + id, 1, "booked", TUESDAY));
        delete("Appointment/a-" + id);
        assertThat(appointment("b-" + id).status()).isEqualTo(Status.BOOKED);
    }

    @Test
    void endsADeletedEncounter() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0153", ""));
        put("Encounter/e-" + id, """
                {"resourceType":"Encounter","id":"e-%1$s","meta":{"versionId":"1"},"status":"in-progress",
                 "class":{"code":"IMP"},"subject":{"reference":"Patient/%1$s"}}
                """.formatted(id));
        delete("Encounter/e-" + id);
        assertThat(inTransaction(() -> jdbc.sql("select status from encounter where external_id = ?")
                        .param("e-" + id)
                        .query(String.class)
                        .single()))
                .isEqualTo("entered-in-error");
    }

    @Test
    void saysWhatDoesNotFollowFromADeletion() throws Exception {
        assertThat(delete("RelatedPerson/r-" + id).getContentAsString()).contains("nothing follows from it");
        assertThat(delete("Patient/" + id).getStatus()).isEqualTo(422);
        assertThat(delete("Nonsense/" + id).getStatus()).isEqualTo(404);
        assertThat(delete("Appointment").getStatus()).isEqualTo(404);
    }

    @Test
    void saysInItsStatementWhatMayBeDeleted() throws Exception {
        String statement = http().perform(MockMvcRequestBuilders.get("/fhir/metadata"))
                .andReturn()
                .getResponse()
                .getContentAsString();
        assertThat(interactions(statement, "Appointment")).contains("delete");
        assertThat(interactions(statement, "Observation")).contains("delete");
        assertThat(interactions(statement, "Patient")).containsExactly("create", "update");
    }

    private List<String> interactions(String statement, String type) {
        return mapper.readTree(statement)
                .path("rest")
                .path(0)
                .path("resource")
                .valueStream()
                .filter(resource -> resource.path("type").asString().equals(type))
                .flatMap(resource -> resource.path("interaction").valueStream())
                .map(interaction -> interaction.path("code").asString())
                .toList();
    }

    private void booked(int version) throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0154", ""));
        put("Appointment/a-" + id, appointment("a-" + id, version, "booked", MONDAY));
    }

    private Status status() {
        return appointment("a-" + id).status();
    }

    private long events() {
        return inTransaction(() -> jdbc.sql("select count(*) from appointment_event where appointment_id = ?")
                .param(appointment("a-" + id).id().value())
                .query(Long.class)
                .single());
    }
}
