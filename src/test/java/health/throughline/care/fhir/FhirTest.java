package health.throughline.care.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;

import health.throughline.ThroughlineTest;
import health.throughline.access.AccessScope;
import health.throughline.care.Appointment;
import health.throughline.care.Appointments;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.util.Optional;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** Speaks to the door of the EHR, of one patient and the patient's visits. */
abstract class FhirTest extends ThroughlineTest {

    private static final String MRN = "https://ehr.test/mrn";

    @Autowired
    private FhirController controller;

    @Autowired
    protected Patients patients;

    @Autowired
    protected Appointments appointments;

    /** The EHR's id of the patient. */
    protected final String id = "t" + UUID.randomUUID();

    protected Optional<PatientProfile> find() {
        return inTransaction(
                () -> patients.findByIdentifier(PatientFeed.idSystem("ehr"), id).flatMap(patients::find));
    }

    protected Appointment appointment(String external) {
        return inTransaction(
                () -> appointments.findByExternalId("ehr", external).orElseThrow());
    }

    protected String patientRow() {
        PatientId patient = find().orElseThrow().id();
        return inTransaction(() -> jdbc.sql("select p::text from patient p where id = ?")
                .param(patient.value())
                .query(String.class)
                .single());
    }

    protected MockHttpServletResponse put(String path, String body) throws Exception {
        return http().perform(MockMvcRequestBuilders.put("/fhir/" + path)
                        .contentType("application/fhir+json")
                        .content(body.getBytes(UTF_8)))
                .andReturn()
                .getResponse();
    }

    protected MockHttpServletResponse delete(String path) throws Exception {
        return http().perform(MockMvcRequestBuilders.delete("/fhir/" + path))
                .andReturn()
                .getResponse();
    }

    /** Versions stored of a record, whatever they say. */
    protected long versions(String type, String external) {
        return inTransaction(() -> jdbc.sql("select count(*) from source_record_key where type = ? and external_id = ?")
                .params(type, external)
                .query(Long.class)
                .single());
    }

    protected MockHttpServletResponse post(String path, String body) throws Exception {
        return http().perform(MockMvcRequestBuilders.post("/fhir" + path)
                        .contentType("application/fhir+json")
                        .content(body.getBytes(UTF_8)))
                .andReturn()
                .getResponse();
    }

    protected MockMvc http() {
        AccessScope.clear();
        return MockMvcBuilders.standaloneSetup(controller).build();
    }

    protected static String patient(String id, String meta, String phone, String more) {
        return """
                {"resourceType":"Patient","id":"%s","meta":{%s},%s"identifier":[{"system":"%s","value":"%s"}],
                 "name":[{"family":"Fhirtest","given":["Pat"]}],"birthDate":"1980-02-03",
                 "telecom":[{"system":"phone","value":"%s","use":"mobile"}]}
                """.formatted(id, meta, more, MRN, "mrn-" + id, phone);
    }

    protected String appointment(String external, int version, String status, String start) {
        return """
                {"resourceType":"Appointment","id":"%s","meta":{"versionId":"%d"},"status":"%s","start":"%s",
                 "serviceType":[{"coding":[{"code":"GEN-FU"}]}],
                 "participant":[{"actor":{"reference":"Patient/%s"},"status":"accepted"},
                                {"actor":{"reference":"Location/loc-family"},"status":"accepted"}]}
                """.formatted(external, version, status, start, id);
    }
}
