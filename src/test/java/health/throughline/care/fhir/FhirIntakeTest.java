package health.throughline.care.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.care.Appointment;
import health.throughline.channel.Channel;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientFeed.Telecom;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.PatientStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;

class FhirIntakeTest extends FhirTest {

    @Autowired
    private PatientFeed feed;

    @Test
    void changesNothingWhenTheSameComesAgain() throws Exception {
        String patient = patient(id, "\"versionId\":\"1\"", "+1 303 555 0131", "");
        assertThat(put("Patient/" + id, patient).getStatus()).isEqualTo(201);
        String before = patientRow();
        assertThat(put("Patient/" + id, patient).getStatus()).isEqualTo(200);
        assertThat(patientRow()).isEqualTo(before);
        long versions = inTransaction(() -> jdbc.sql("select count(*) from source_record_key where external_id = ?")
                .param(id)
                .query(Long.class)
                .single());
        assertThat(versions).isEqualTo(1);
    }

    @Test
    void takesTheSameBundleOfBarePostsOnlyOnce() throws Exception {
        String bundle = """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"fullUrl":"urn:uuid:%1$s","resource":%2$s,"request":{"method":"POST","url":"Patient"}},
                 {"fullUrl":"urn:uuid:o-%1$s","resource":{"resourceType":"Observation","id":"o-%1$s","status":"final",
                  "subject":{"reference":"urn:uuid:%1$s"},"code":{"text":"weight"}},"request":{"method":"POST","url":"Observation"}}]}
                """.formatted(id, patient(id, "", "+1 303 555 0132", ""));
        var first = post("", bundle);
        assertThat(first.getStatus()).isEqualTo(200);
        assertThat(first.getContentAsString()).contains("201 Created").doesNotContain("200 OK");
        assertThat(post("", bundle).getContentAsString()).contains("200 OK").doesNotContain("201 Created");
        assertThat(patients.search("Fhirtest", Optional.empty(), 100)).isNotEmpty();
    }

    @Test
    void leavesNothingOfATransactionBehindThatFails() throws Exception {
        String bundle = """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"resource":%s,"request":{"method":"PUT","url":"Patient/%s"}},
                 {"resource":{"resourceType":"Appointment","id":"a-%2$s","status":"booked","start":"2031-05-05T15:00:00Z",
                  "participant":[{"actor":{"reference":"Patient/nobody-%2$s"},"status":"accepted"}]},
                  "request":{"method":"PUT","url":"Appointment/a-%2$s"}}]}
                """.formatted(patient(id, "", "+1 303 555 0133", ""), id);
        var answer = post("", bundle);
        assertThat(answer.getStatus()).isEqualTo(422);
        assertThat(answer.getContentAsString()).contains("Bundle.entry[1]").contains("participant[0].actor");
        assertThat(find()).isEmpty();
    }

    @Test
    void takesEachEntryOfABatchForItself() throws Exception {
        String bundle = """
                {"resourceType":"Bundle","type":"batch","entry":[
                 {"resource":%s,"request":{"method":"PUT","url":"Patient/%s"}},
                 {"resource":{"resourceType":"Patient","birthDate":"soon"},"request":{"method":"POST","url":"Patient"}}]}
                """.formatted(patient(id, "", "+1 303 555 0134", ""), id);
        var answer = post("", bundle);
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContentAsString())
                .contains("201 Created")
                .contains("\"400\"")
                .contains("birthDate");
        assertThat(find()).isPresent();
    }

    @Test
    void keepsTheVerifiedNumberWhenTheOldOneIsSentAgain() throws Exception {
        put("Patient/" + id, patient(id, "\"versionId\":\"1\"", "+1 303 555 0135", ""));
        PatientId patient = find().orElseThrow().id();
        inTransaction(() -> feed.verified(
                patient, "patient", new Telecom("phone", "+1 303 555 0136", "mobile", 1, null, null), clock.instant()));
        var answer =
                put("Patient/" + id, patient(id, "\"versionId\":\"2\"", "+1 303 555 0135", "\"gender\":\"female\","));
        assertThat(answer.getStatus()).isEqualTo(200);
        assertThat(answer.getContentAsString()).contains("older phone number").doesNotContain("0135");
        assertThat(texts(find().orElseThrow())).containsExactly("+13035550136");
    }

    @Test
    void ignoresALateVersion() throws Exception {
        put("Patient/" + id, patient(id, "\"versionId\":\"3\"", "+1 303 555 0137", ""));
        put("Patient/" + id, patient(id, "\"versionId\":\"2\"", "+1 303 555 0138", ""));
        assertThat(texts(find().orElseThrow())).containsExactly("+13035550137");
    }

    @Test
    void followsAPatientsDeathAndNeverUndoesIt() throws Exception {
        put("Patient/" + id, patient(id, "\"versionId\":\"1\"", "+1 303 555 0139", ""));
        put("Patient/" + id, patient(id, "\"versionId\":\"2\"", "+1 303 555 0139", "\"deceasedBoolean\":true,"));
        assertThat(find().orElseThrow().status()).isEqualTo(PatientStatus.DECEASED);
        var answer = put("Patient/" + id, patient(id, "\"versionId\":\"3\"", "+1 303 555 0139", ""));
        assertThat(answer.getContentAsString()).contains("no longer says");
        assertThat(find().orElseThrow().status()).isEqualTo(PatientStatus.DECEASED);
    }

    @Test
    void tellsALandlineFromAMobile() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0140", "").replace("\"use\":\"mobile\"", "\"use\":\"home\""));
        assertThat(find().orElseThrow().reachable()).singleElement().satisfies(point -> {
            assertThat(point.address().channel()).isEqualTo(Channel.VOICE);
            assertThat(point.landline()).isTrue();
        });
    }

    @Test
    void readsAnAppointmentInTheZoneOfItsPlace() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0141", ""));
        assertThat(put("Appointment/a-" + id, appointment("a-" + id, 1, "booked", "2031-05-05T15:30:00Z"))
                        .getStatus())
                .isEqualTo(201);
        Appointment booked = appointment("a-" + id);
        assertThat(booked.startLocal()).hasToString("2031-05-05T09:30");
        assertThat(booked.zone()).hasToString("America/Denver");
        assertThat(appointments.patientSafeVisitName(booked, "es-US")).contains("visita");
    }

    @Test
    void takesVersionsOfAnAppointmentInWhateverOrderTheyCome() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0142", ""));
        put("Appointment/a-" + id, appointment("a-" + id, 3, "cancelled", "2031-05-05T15:30:00Z"));
        put("Appointment/a-" + id, appointment("a-" + id, 1, "booked", "2031-05-05T15:30:00Z"));
        assertThat(appointment("a-" + id).status()).isEqualTo(Appointment.Status.CANCELLED);
        put("Appointment/a-" + id, appointment("a-" + id, 4, "booked", "2031-05-06T15:30:00Z"));
        Appointment again = appointment("a-" + id);
        assertThat(again.status()).isEqualTo(Appointment.Status.BOOKED);
        assertThat(again.startAt()).isEqualTo(Instant.parse("2031-05-06T15:30:00Z"));
    }

    @Test
    void recognisesACancellationAndANewBookingAsOneMove() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0143", ""));
        put("Appointment/a-" + id, appointment("a-" + id, 1, "booked", "2031-05-05T15:30:00Z"));
        Appointment before = appointment("a-" + id);
        put("Appointment/a-" + id, appointment("a-" + id, 2, "cancelled", "2031-05-05T15:30:00Z"));
        put("Appointment/b-" + id, appointment("b-" + id, 1, "booked", "2031-05-07T15:30:00Z"));
        Appointment after = appointment("b-" + id);
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.revision()).isGreaterThan(before.revision());
        put("Appointment/a-" + id, appointment("a-" + id, 5, "cancelled", "2031-05-05T15:30:00Z"));
        assertThat(appointment("b-" + id).status()).isEqualTo(Appointment.Status.BOOKED);
        assertThat(inTransaction(() -> appointments.of(before.patient()))).hasSize(1);
    }

    @Test
    void gathersTheVisitsOfADay() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0144", ""));
        put("Appointment/a-" + id, appointment("a-" + id, 1, "booked", "2031-05-05T15:30:00Z"));
        put("Appointment/b-" + id, appointment("b-" + id, 1, "booked", "2031-05-06T01:30:00Z"));
        put("Appointment/c-" + id, appointment("c-" + id, 1, "booked", "2031-05-06T15:30:00Z"));
        assertThat(appointment("a-" + id).itinerary())
                .isEqualTo(appointment("b-" + id).itinerary());
        assertThat(appointment("a-" + id).itinerary())
                .isNotEqualTo(appointment("c-" + id).itinerary());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{",
                "{\"resourceType\":",
                "{\"resourceType\":\"Patient\"} trailing",
                "{\"resourceType\":\"Patient\",\"resourceType\":\"Patient\"}",
                "{\"resourceType\":\"Observation\"}",
                "{\"resourceType\":\"Patient\",\"name\":\"Ann\"}",
                "{\"resourceType\":\"Patient\",\"name\":[[]]}",
                "{\"resourceType\":\"Patient\",\"name\":[{\"given\":[]}]}",
                "{\"resourceType\":\"Patient\",\"birthDate\":\"yesterday\"}",
                "{\"resourceType\":\"Patient\",\"birthDate\":19800101}",
                "{\"resourceType\":\"Patient\",\"gender\":\"purple\"}",
                "{\"resourceType\":\"Patient\",\"telcom\":[]}",
                "{\"resourceType\":\"Patient\",\"active\":\"yes\"}",
                "{\"resourceType\":\"Patient\",\"id\":{}}",
                "{\"resourceType\":\"Patient\",\"deceasedBoolean\":\"maybe\"}",
                "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"a\\u0000b\"}]}",
                "{\"resourceType\":\"Patient\",\"managingOrganization\":{\"reference\":\"urn:uuid:nowhere\"}}",
                "{\"resourceType\":\"Patient\",\"contained\":[{\"resourceType\":\"Nonsense\"}]}",
                "{\"resourceType\":\"Patient\",\"extension\":{\"url\":1}}",
                "{\"resourceType\":\"Patient\",\"telecom\":[{\"system\":\"phone\",\"rank\":\"first\"}]}"
            })
    void answersGarbageWithWhatIsWrong(String body) throws Exception {
        var answer = post("/Patient", body);
        assertThat(answer.getStatus()).as(answer.getContentAsString()).isBetween(400, 499);
        assertThat(answer.getContentAsString()).contains("OperationOutcome").contains("diagnostics");
    }

    @Test
    void namesTheElement() throws Exception {
        assertThat(post("/Patient", "{\"resourceType\":\"Patient\",\"birthDate\":\"yesterday\"}")
                        .getContentAsString())
                .contains("Patient.birthDate")
                .doesNotContain("yesterday");
        assertThat(post("/Patient", "{\"resourceType\":\"Patient\",\n\"name\":]}")
                        .getContentAsString())
                .contains("line 2");
        assertThat(post("/Patient", "{\"resourceType\":\"Patient\",\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}")
                        .getStatus())
                .isEqualTo(400);
    }

    @Test
    void refusesWhatIsNotOffered() throws Exception {
        var http = http();
        assertThat(http.perform(MockMvcRequestBuilders.post("/fhir/Patient")
                                .contentType("application/fhir+xml")
                                .content("<Patient/>"))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isEqualTo(415);
        assertThat(http.perform(MockMvcRequestBuilders.get("/fhir/Patient/1"))
                        .andReturn()
                        .getResponse()
                        .getStatus())
                .isBetween(400, 499);
        assertThat(post("/Nonsense", "{\"resourceType\":\"Nonsense\"}").getStatus())
                .isEqualTo(404);
        assertThat(http.perform(MockMvcRequestBuilders.get("/fhir/metadata"))
                        .andReturn()
                        .getResponse()
                        .getContentAsString())
                .contains("\"fhirVersion\":\"4.0.1\"");
    }

    @Test
    void doesNotMatchByPhoneAndMarksASharedOne() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0150", ""));
        put("Patient/x" + id, patient("x" + id, "", "+1 303 555 0150", ""));
        assertThat(find().orElseThrow().reachable()).allMatch(ContactPoint::shared);
        assertThatThrownBy(() -> patients.address(Channel.SMS, "12")).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> texts(PatientProfile patient) {
        return patient.reachable().stream()
                .filter(point -> point.address().channel().equals(Channel.SMS))
                .map(point -> point.address().value())
                .toList();
    }
}
