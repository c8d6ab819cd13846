package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.access.CredentialsIssuer;
import health.throughline.access.Role;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A clinic whose EHR tells the product of its patients and visits in FHIR, over HTTP. */
public final class Clinic {

    private static final String MRN = "https://scenario.test/mrn";
    /** The label of a patient who is none, in FHIR's {@code meta}. */
    static final String TEST = ",\"security\":[{\"code\":\"HTEST\"}]";

    private static final String PASSWORD = "a long enough passphrase";

    /** All in Mountain Time, so that the hours of a number's state and those of the clinic agree. */
    private static final List<String> AREAS =
            List.of("970", "719", "505", "801", "307", "406", "435", "385", "720", "575");

    /** Fictitious, deliverable, and not among the numbers with which the carrier plays a fault. */
    private static final int[] LAST_DIGITS = IntStream.rangeClosed(100, 149).toArray();

    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static final AtomicInteger FAULTY_NUMBERS = new AtomicInteger();

    private final String tag = UUID.randomUUID().toString().substring(0, 13);
    private final Api api;
    private final String product;
    private final String simulator;
    private final CredentialsIssuer issuer;
    private final ClinicTime time;
    private final OrgUnit hospital;
    private final OrgUnit root;
    private int count;
    private String visitType = "CARD-FU";
    private String label = "";
    private int versions = 1;

    Clinic(
            Api api,
            String product,
            String simulator,
            CredentialsIssuer issuer,
            Organization organization,
            ClinicTime time) {
        this.api = api;
        this.product = product;
        this.simulator = simulator;
        this.issuer = issuer;
        this.time = time;
        tell("Organization/hospital-" + tag, """
            {"resourceType":"Organization","id":"hospital-%1$s","name":"Scenario %1$s",
             "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/timezone","valueCode":"America/Denver"},
                          {"url":"https://throughline.health/fhir/patient-safe-name","valueString":"Mercy Valley"}],
             "telecom":[{"system":"phone","value":"+1 303 555 0100"}],
             "address":[{"line":["100 Example Avenue"],"city":"Denver","state":"CO","postalCode":"80203"}]}
            """.formatted(tag));
        tell("Organization/department-" + tag, """
            {"resourceType":"Organization","id":"department-%1$s","name":"Cardiology",
             "partOf":{"reference":"Organization/hospital-%1$s"}}
            """.formatted(tag));
        callsItsPlace("East Building, floor 3");
        root = organization.findByPath("/all/").orElseThrow();
        hospital = organization.all().stream()
                .filter(unit -> unit.name().equals("Scenario " + tag))
                .findFirst()
                .orElseThrow();
        assertThat(hospital.phase()).isEqualTo(OrgUnit.Phase.LIVE);
    }

    /** What the place is called in what patients read. */
    public void callsItsPlace(String patientSafeName) {
        tell("Location/place-" + tag, """
            {"resourceType":"Location","id":"place-%1$s","name":"Cardiology Clinic",
             "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/timezone","valueCode":"America/Denver"},
                          {"url":"https://throughline.health/fhir/patient-safe-name","valueString":"%2$s"},
                          {"url":"https://throughline.health/fhir/parking","valueString":"Garage B"}],
             "address":{"line":["100 Example Avenue"],"city":"Denver","state":"CO","postalCode":"80203"},
             "managingOrganization":{"reference":"Organization/department-%1$s"}}
            """.formatted(tag, patientSafeName));
    }

    /** Below which all of this clinic's units are. */
    String path() {
        return hospital.path();
    }

    public Api api() {
        return api;
    }

    /** @param id by which the product knows the patient */
    public record Patient(
            UUID id,
            String mrn,
            String record,
            String language,
            Phone phone,
            String number,
            String use,
            String given,
            String born) {}

    /** @param id the EHR's */
    public record Visit(String id, Patient patient, ZonedDateTime start, int version, String status) {}

    /** Has a mobile phone and agreed to be texted. @param language {@code en} or {@code es} */
    public Patient patient(String language) {
        return patient(language, freshNumber(), "mobile", "Ana");
    }

    /** As {@link #patient}, with a number of the last four digits with which the carrier plays a fault. */
    public Patient patientWithNumberEnding(String language, String lastFour) {
        String area = AREAS.get(FAULTY_NUMBERS.getAndIncrement() % AREAS.size());
        return patient(language, "+1" + area + "555" + lastFour, "mobile", "Ana");
    }

    public Patient patientWithLandlineOnly(String language) {
        return patient(language, freshNumber(), "home", "Ana");
    }

    /** Has no phone. @param name the first words of the mail address; {@code gone}, {@code full} and {@code away} are played as such */
    public Patient patientWithMailOnly(String language, String name) {
        return patient(language, name + "-" + UUID.randomUUID() + "@patients.example", "home", "Ana");
    }

    public Mailbox mailboxOf(Patient patient) {
        return new Mailbox(simulator, patient.number());
    }

    /** Is reached on the same phone as somebody else: one more child of a mother. */
    public Patient patientOnThePhoneOf(Patient other, String given) {
        return patient(
                other.language(),
                other.number(),
                "mobile",
                given,
                time.now().toLocalDate().minusYears(8).toString());
    }

    /** Fifteen, with a phone of their own. */
    public Patient minor(String language) {
        return patient(
                language,
                freshNumber(),
                "mobile",
                "Ana",
                time.now().toLocalDate().minusYears(15).toString());
    }

    /** Two adults on one phone. */
    public Patient adultOnThePhoneOf(Patient other, String given) {
        return patient(other.language(), other.number(), "mobile", given);
    }

    /** The phone of somebody the clinic does not know. */
    public Phone strangersPhone() {
        return new Phone(simulator, freshNumber());
    }

    private Patient patient(String language, String number, String use, String given) {
        return patient(language, number, use, given, "1970-05-06");
    }

    private Patient patient(String language, String number, String use, String given, String born) {
        String record = "p" + (++count) + "-" + tag;
        var patient = new Patient(
                new UUID(0, 0),
                "mrn-" + record,
                record,
                language,
                new Phone(simulator, number),
                number,
                use,
                given,
                born);
        tell("Patient/" + record, resource(patient, 1, ""));
        tell("Consent/c-" + record, """
            {"resourceType":"Consent","id":"c-%1$s","status":"active","dateTime":"%2$s",
             "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
             "category":[{"coding":[{"system":"https://throughline.health/fhir/consent-category","code":"messages"}]}],
             "patient":{"reference":"Patient/%1$s"},"policyRule":{"text":"I agree to texts about my care"},
             "provision":{"type":"permit"}}
            """.formatted(record, time.now().toInstant()));
        var found = api.get("/api/v1/patients?identifier=" + MRN + "%7C" + patient.mrn())
                .good()
                .path("items");
        assertThat(found.size()).isEqualTo(1);
        return new Patient(
                UUID.fromString(found.path(0).path("id").asString()),
                patient.mrn(),
                record,
                language,
                patient.phone(),
                number,
                use,
                given,
                born);
    }

    private static String freshNumber() {
        int n = NUMBERS.getAndIncrement();
        String area = AREAS.get(n / LAST_DIGITS.length);
        return "+1%s5550%d".formatted(area, LAST_DIGITS[n % LAST_DIGITS.length]);
    }

    private String resource(Patient patient, int version, String more) {
        return """
            {"resourceType":"Patient","id":"%1$s","meta":{"versionId":"%2$d"},%3$s
             "identifier":[{"type":{"coding":[{"code":"MR"}]},"system":"%4$s","value":"%5$s"}],
             "name":[{"family":"Sample","given":["%10$s"]}],"birthDate":"%12$s",
             "telecom":[{"system":"%11$s","value":"%6$s","use":"%7$s"}],
             "address":[{"use":"home","line":["1 Sample Street"],"city":"Denver","state":"CO","postalCode":"80203"}],
             "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"%8$s"}]},"preferred":true}],
             "managingOrganization":{"reference":"Organization/hospital-%9$s"}}
            """.formatted(
                        patient.record(),
                        version,
                        more,
                        MRN,
                        patient.mrn(),
                        patient.number(),
                        patient.use(),
                        patient.language(),
                        tag,
                        patient.given(),
                        patient.number().contains("@") ? "email" : "phone",
                        patient.born());
    }

    public void learnsOfTheDeathOf(Patient patient) {
        tell("Patient/" + patient.record(), resource(patient, nextVersion(), "\"deceasedBoolean\":true,"));
    }

    /** It was somebody else who died. */
    public void learnsThatLives(Patient patient) {
        tell("Patient/" + patient.record(), resource(patient, nextVersion(), ""));
    }

    /** The record as another person's: the same identifiers with another name and date of birth. @param label empty, or {@link #TEST} */
    public void takesForSomebodyElse(Patient patient, String label) {
        tell(
                "Patient/" + patient.record(),
                labelled(resource(patient, nextVersion(), ""), label)
                        .replace("\"Sample\"", "\"Otherwise\"")
                        .replace("\"" + patient.given() + "\"", "\"Somebody\"")
                        .replace(patient.born(), "1941-02-03"));
    }

    public void marksAsTest(Patient patient) {
        tell("Patient/" + patient.record(), labelled(resource(patient, nextVersion(), ""), TEST));
    }

    private static String labelled(String resource, String label) {
        return resource.replaceFirst("\"versionId\":\"\\d+\"", "$0" + label);
    }

    private int nextVersion() {
        return ++versions;
    }

    /** The record also has a mail address from now on. */
    public Mailbox learnsOfAMailAddressOf(Patient patient) {
        String address = "ana-" + UUID.randomUUID() + "@patients.example";
        tell(
                "Patient/" + patient.record(),
                resource(patient, 2, "")
                        .replace(
                                "\"telecom\":[", "\"telecom\":[{\"system\":\"email\",\"value\":\"" + address + "\"},"));
        return new Mailbox(simulator, address);
    }

    public Visit books(Patient patient, ZonedDateTime start) {
        return tell(new Visit("v" + (++count) + "-" + tag, patient, start, 1, "booked"));
    }

    public Visit moves(Visit visit, ZonedDateTime start) {
        return tell(new Visit(visit.id(), visit.patient(), start, visit.version() + 1, "booked"));
    }

    /** @param status as FHIR names it */
    public Visit marks(Visit visit, String status) {
        return tell(new Visit(visit.id(), visit.patient(), visit.start(), visit.version() + 1, status));
    }

    public Visit cancels(Visit visit) {
        return tell(new Visit(visit.id(), visit.patient(), visit.start(), visit.version() + 1, "cancelled"));
    }

    /** The EHR takes the visit out of its books. */
    public void deletes(Visit visit) {
        api.send("DELETE", "/fhir/Appointment/" + visit.id(), "", "application/fhir+json")
                .good();
    }

    /** The same version of the visit once more, as feeds do. */
    public void tellsAgain(Visit visit) {
        tell(visit);
    }

    /** The patient is in: the EHR opens an encounter. */
    public void begins(Visit visit) {
        tell("Encounter/e-" + visit.id(), """
            {"resourceType":"Encounter","id":"e-%1$s","status":"in-progress",
             "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},
             "subject":{"reference":"Patient/%2$s"},"appointment":[{"reference":"Appointment/%1$s"}],
             "period":{"start":"%3$s"},"location":[{"location":{"reference":"Location/place-%4$s"}}]}
            """.formatted(
                        visit.id(), visit.patient().record(), time.now().toInstant(), tag));
    }

    private Visit tell(Visit visit) {
        tell("Appointment/" + visit.id(), resource(visit));
        return visit;
    }

    private String resource(Visit visit) {
        return """
            {"resourceType":"Appointment","id":"%1$s","meta":{"versionId":"%2$d"%9$s},"status":"%3$s","start":"%4$s","end":"%5$s",
             "serviceType":[{"coding":[{"code":"%8$s"}]}],
             "participant":[{"actor":{"reference":"Patient/%6$s"},"status":"accepted"},
                            {"actor":{"reference":"Location/place-%7$s"},"status":"accepted"}]}
            """.formatted(
                        visit.id(),
                        visit.version(),
                        visit.status(),
                        visit.start().toInstant(),
                        visit.start().plusMinutes(30).toInstant(),
                        visit.patient().record(),
                        tag,
                        visitType,
                        label);
    }

    /** From now on it books visits of that type. */
    public void booksVisitsOf(String type) {
        visitType = type;
    }

    /** From now on it labels its visits so: FHIR's {@code meta.security}. */
    public void labelsVisits(String system, String code) {
        label = ",\"security\":[{\"system\":\"%s\",\"code\":\"%s\"}]".formatted(system, code);
    }

    /** A relative of the patient, with a phone of their own. @param code of HL7's roles, for example {@code MTH} */
    public Phone relativeOf(Patient patient, String code) {
        String number = freshNumber();
        relative(patient, code, "phone", number);
        return new Phone(simulator, number);
    }

    /** A relative who has no phone. */
    public Mailbox relativeWithMailOnly(Patient patient, String code) {
        String address = "rosa-" + UUID.randomUUID() + "@patients.example";
        relative(patient, code, "email", address);
        return new Mailbox(simulator, address);
    }

    private void relative(Patient patient, String code, String system, String value) {
        tell("RelatedPerson/r" + (++count) + "-" + tag, """
                {"resourceType":"RelatedPerson","id":"r%1$d-%2$s","active":true,"patient":{"reference":"Patient/%3$s"},
                 "relationship":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"%4$s"}]}],
                 "name":[{"family":"Sample","given":["Rosa"]}],
                 "telecom":[{"system":"%5$s","value":"%6$s","use":"mobile"}]}
                """.formatted(
                        count, tag, patient.record(), code, system, value));
    }

    /** A visit the EHR has, not told yet. */
    public Visit has(Patient patient, ZonedDateTime start) {
        return new Visit("v" + (++count) + "-" + tag, patient, start, 1, "booked");
    }

    /** All in one transaction Bundle. */
    public void tellsTogether(List<Visit> visits) {
        String entries = visits.stream()
                .map(visit -> """
                    {"resource":%s,"request":{"method":"PUT","url":"Appointment/%s"}}\
                    """.formatted(resource(visit), visit.id()))
                .collect(Collectors.joining(","));
        api.post("/fhir", "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[" + entries + "]}")
                .good();
    }

    private void tell(String path, String resource) {
        api.put("/fhir/" + path, resource).good();
    }

    /** The EHR meets the patient's next answer about the visit so. @param fault reject, lose-slot, error, timeout or lose-answer */
    public void ehrWill(String fault, Visit visit, int times) {
        new Api(simulator, "")
                .post(
                        "/sim/ehr/faults",
                        "{\"fault\":\"%s\",\"appointment\":\"%s\",\"times\":%d}".formatted(fault, visit.id(), times))
                .good();
    }

    /** What the EHR keeps of the patient's answers about the visit: accepted, declined, tentative. */
    public List<String> answersKept(Visit visit) {
        return new Api(simulator, "")
                .get("/sim/ehr/answers")
                .good()
                .path("items")
                .valueStream()
                .filter(kept -> kept.path("appointment").asString().equals(visit.id()))
                .map(kept -> kept.path("participantStatus").asString())
                .toList();
    }

    /** The EHR sends the patient once more, as it knows them. */
    public void tellsAgain(Patient patient) {
        tell("Patient/" + patient.record(), resource(patient, 2, ""));
    }

    /** Somebody who works the clinic's list. */
    public Coordinator coordinator() {
        return staff(Role.COORDINATOR);
    }

    /** Somebody whose unit is the whole health system. */
    public Coordinator coordinatorOfAll() {
        return staff(Role.COORDINATOR, root);
    }

    public Coordinator supervisor() {
        return staff(Role.SUPERVISOR);
    }

    /** A supervisor of the whole health system. */
    public Coordinator everything() {
        return staff(Role.SUPERVISOR, root);
    }

    /** Somebody of the clinic, signed in. */
    public Coordinator staff(Role role) {
        return staff(role, hospital);
    }

    private Coordinator staff(Role role, OrgUnit unit) {
        String username = role.code() + "-" + (++count) + "-" + tag;
        issuer.createUser(username, "Scenario " + role.code(), role, unit.id(), PASSWORD);
        return new Coordinator(product, username, PASSWORD);
    }

    public OrgUnit hospital() {
        return hospital;
    }

    /** A phone that belongs to no patient. */
    public Phone phone() {
        return new Phone(simulator, freshNumber());
    }
}
