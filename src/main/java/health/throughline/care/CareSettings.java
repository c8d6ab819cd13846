package health.throughline.care;

import health.throughline.organization.OrgUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;
import org.springframework.util.unit.DataSize;

/**
 * Settings of {@code throughline.care}.
 *
 * @param source what the EHR behind {@code /fhir} is called in the record
 * @param defaultHospital path of the hospital that keeps patients without a managing organisation; the oldest one unless set
 * @param newUnitPhase how live a unit is when the EHR first names it; unless set {@code off}, in local mode {@code live}
 * @param visitTypes the visit types of the source, with their patient-safe names
 * @param largestBody what {@code /fhir} takes at once
 * @param bodiesAtOnce what the requests to {@code /fhir} worked on at the same time hold together; more wait
 * @param mostEntries entries of one Bundle
 * @param deepest nesting of a document
 * @param writesAtOnce requests to {@code /fhir} worked on at the same time; more wait
 * @param demo whether local mode starts with the demo hospital and its patients
 */
@ConfigurationProperties("throughline.care")
public record CareSettings(
        @DefaultValue("ehr") String source,
        @Nullable String defaultHospital,
        OrgUnit.@Nullable Phase newUnitPhase,
        @DefaultValue("classpath:rules/visit-types.json") Resource visitTypes,
        @DefaultValue("64MB") DataSize largestBody,
        @DefaultValue("64MB") DataSize bodiesAtOnce,
        @DefaultValue("50000") int mostEntries,
        @DefaultValue("64") int deepest,
        @DefaultValue("4") int writesAtOnce,
        @DefaultValue("true") boolean demo) {}
