package health.throughline.care.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientId;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergeFindingsTest extends FhirTest {

    @Test
    void takesDownWhatTheEhrMergedAndMergesNothing() throws Exception {
        put("Patient/" + id, patient(id, "", "+1 303 555 0156", ""));
        var answer = post("", """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"resource":%s,"request":{"method":"PUT","url":"Patient/%s"}},
                 {"resource":%s,"request":{"method":"PUT","url":"Patient/x%2$s"}}]}
                """.formatted(
                linked(id, "replaced-by", "Patient/x" + id), id, linked("x" + id, "replaces", "Patient/" + id)));
        assertThat(answer.getStatus()).isEqualTo(200);
        String gone = known(id).toString();
        String staying = known("x" + id).toString();
        assertThat(gone).isNotEqualTo(staying);
        assertThat(answer.getContentAsString()).contains("Nothing was merged");
        assertThat(findings(gone))
                .containsExactly("The EHR says that the patient " + gone + " was merged into the patient " + staying
                        + ". Nothing was merged here: settle whether they are one person.");
    }

    @Test
    void saysSoWhereTheOtherIsNotKnown() throws Exception {
        put("Patient/" + id, linked(id, "replaced-by", "Patient/nobody-" + id));
        assertThat(findings(known(id).toString())).singleElement().asString().contains("into a patient not known here");
    }

    @Test
    void leavesOtherLinksAlone() throws Exception {
        put("Patient/" + id, linked(id, "seealso", "Patient/nobody-" + id));
        assertThat(findings(known(id).toString())).isEmpty();
    }

    private String linked(String patient, String type, String other) {
        return patient(
                patient,
                "",
                "+1 303 555 0156",
                "\"link\":[{\"other\":{\"reference\":\"%s\"},\"type\":\"%s\"}],".formatted(other, type));
    }

    private PatientId known(String external) {
        return inTransaction(() ->
                patients.findByIdentifier(PatientFeed.idSystem("ehr"), external).orElseThrow());
    }

    private List<String> findings(String patient) {
        return inTransaction(() -> jdbc.sql(
                        "select sentence from data_finding where kind = ? and subject like ? and resolved_at is null")
                .params(MergeFindings.KIND, "Patient/" + patient + "/%")
                .query(String.class)
                .list());
    }
}
