package health.throughline.care.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A patient's whole record as Synthea writes it: bare POSTs, conditional references, mostly types that are only kept. */
class SyntheaIntakeTest extends FhirTest {

    private static final String PATIENT = "1566eaad-aa17-4432-d6b8-33dfddcbade9";

    @Autowired
    private JsonMapper mapper;

    @Autowired
    private Encryption encryption;

    private record Counts(long records, long aliases, long patients, long encounters, long visits, long events) {}

    @Test
    void takesARealRecordWholeAndTheSameAgainChangesNothing() throws Exception {
        Counts before = counts();
        for (String bundle : List.of("hospital", "practitioner", "patient")) {
            assertThat(statuses(bundle)).as(bundle).containsOnlyKeys("201 Created");
        }
        Counts taken = counts();
        assertThat(taken.records() - before.records()).isEqualTo(2 + 2 + 129);
        assertThat(taken.patients() - before.patients()).isEqualTo(1);
        assertThat(taken.encounters() - before.encounters()).isEqualTo(6);
        assertThat(taken.visits() - before.visits()).isEqualTo(3);
        assertThat(taken.events() - before.events()).isEqualTo(3);
        assertThat(keptOf("Observation")).isEqualTo(71);
        assertThat(servedBy("EXAMPLE FAMILY PRACTICE")).isEqualTo(6);

        for (String bundle : List.of("hospital", "practitioner", "patient")) {
            assertThat(statuses(bundle)).as(bundle).containsOnlyKeys("200 OK");
        }
        assertThat(counts()).isEqualTo(taken);
        keepsTheRecordAsItCame();
    }

    private void keepsTheRecordAsItCame() throws IOException {
        JsonNode sent = mapper.readTree(read("patient")).path("entry").path(0).path("resource");
        byte[] raw = inTransaction(() -> jdbc.sql("""
                        select id, key_id, raw from source_record where type = 'Patient' and external_id = ?""")
                .param(PATIENT)
                .query((row, n) -> encryption.decryptBytes(
                        new DataKeyId(row.getObject("key_id", UUID.class)),
                        new Encryption.Field("source_record", "raw", row.getObject("id", UUID.class)),
                        row.getBytes("raw")))
                .single());
        try (var inflated = new InflaterInputStream(new java.io.ByteArrayInputStream(raw))) {
            assertThat(mapper.readTree(inflated.readAllBytes())).isEqualTo(sent);
        }
    }

    private TreeMap<String, Integer> statuses(String bundle) throws Exception {
        var answer = post("", read(bundle));
        assertThat(answer.getStatus()).as(answer.getContentAsString()).isEqualTo(200);
        var statuses = new TreeMap<String, Integer>();
        mapper.readTree(answer.getContentAsByteArray())
                .path("entry")
                .forEach(entry ->
                        statuses.merge(entry.path("response").path("status").asString(), 1, Integer::sum));
        return statuses;
    }

    private static String read(String bundle) throws IOException {
        return new ClassPathResource("synthea/" + bundle + ".json").getContentAsString(UTF_8);
    }

    private long keptOf(String type) {
        return inTransaction(
                () -> jdbc.sql("""
                        select count(*) from source_record r join patient_identifier i on i.patient_id = r.patient_id
                        where r.type = ? and i.patient_id = (select patient_id from source_record
                            where type = 'Patient' and external_id = ?) and i.assigner like 'urn:throughline:source:%'""").params(type, PATIENT).query(Long.class).single());
    }

    private long servedBy(String unit) {
        return inTransaction(() -> jdbc.sql("""
                        select count(*) from encounter e join org_unit u on u.id = e.org_unit_id where u.name = ?""").param(unit).query(Long.class).single());
    }

    private Counts counts() {
        return inTransaction(() -> jdbc.sql("""
                        select (select count(*) from source_record_key), (select count(*) from source_alias),
                            (select count(*) from patient), (select count(*) from encounter),
                            (select count(*) from appointment), (select count(*) from appointment_event)""")
                .query((row, n) -> new Counts(
                        row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6)))
                .single());
    }
}
