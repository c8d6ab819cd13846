package health.throughline.care.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.Meta;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class SensitivityLabelsTest {

    private static final String ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

    private final SensitivityLabels labels = new SensitivityLabels(JsonMapper.shared());

    @ParameterizedTest(name = "{0} {1}: {2}")
    @DisplayName(
            "K13: codes of addiction, mental and reproductive health, HIV and the like, and R and V, are for the patient alone")
    @CsvSource({
        ACT + ", ETH, true",
        ACT + ", SUD, true",
        ACT + ", PSY, true",
        ACT + ", HIV, true",
        ACT + ", SEX, true",
        ACT + ", 42CFRPart2, true",
        ACT + ", RACE, false",
        "urn:oid:2.16.840.1.113883.5.4, HIV, true",
        CONFIDENTIALITY + ", R, true",
        CONFIDENTIALITY + ", V, true",
        CONFIDENTIALITY + ", N, false",
        CONFIDENTIALITY + ", HIV, false",
        "https://elsewhere.test/labels, R, false",
        ", R, true"
    })
    void k13KnowsWhichLabelsAreForThePatientAlone(@Nullable String system, String code, boolean sensitive) {
        Meta meta = new Meta();
        meta.addSecurity().setSystem(system).setCode(code);
        assertThat(labels.sensitive(meta)).isEqualTo(sensitive);
        assertThat(labels.sensitive(new Meta())).isFalse();
    }
}
