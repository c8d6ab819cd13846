package health.throughline.care.fhir;

import health.throughline.care.Findings;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.ConsentStatements;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientFeed.PartyRecord;
import health.throughline.patient.PatientFeed.PatientRecord;
import health.throughline.patient.PatientFeed.RelatedRecord;
import health.throughline.patient.PatientFeed.Telecom;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.HumanName;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.RelatedPerson;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Patients, the people around them, and what they agreed to. */
@Component
class PeopleMapping {

    static final String CONSENT_CATEGORY = "https://throughline.health/fhir/consent-category";
    static final String MESSAGES = "messages";

    private static final String INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired";
    private static final String LANGUAGE = "[a-zA-Z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}";

    private final PatientFeed feed;
    private final Patients patients;
    private final UnitMapping units;
    private final Organization organization;
    private final Findings findings;
    private final ObjectProvider<ConsentStatements> consents;
    private final FhirParser parser;

    PeopleMapping(
            PatientFeed feed,
            Patients patients,
            UnitMapping units,
            Organization organization,
            Findings findings,
            ObjectProvider<ConsentStatements> consents,
            FhirParser parser) {
        this.feed = feed;
        this.patients = patients;
        this.units = units;
        this.organization = organization;
        this.findings = findings;
        this.consents = consents;
        this.parser = parser;
    }

    void applyPatient(Intake intake, Incoming incoming, Supplier<OrgUnit> defaultHospital) {
        Patient patient = parser.parse(Patient.class, incoming);
        OrgUnit hospital = units.managing(intake, patient.getManagingOrganization(), "Patient.managingOrganization")
                .flatMap(unit -> organization.ancestor(unit.id(), OrgUnit.Kind.HOSPITAL))
                .orElseGet(defaultHospital);
        var applied = feed.apply(record(intake, incoming, patient, hospital));
        intake.isPatient(incoming.key(), applied.patient());
        intake.concerns(incoming, applied.patient());
        intake.differs(incoming, applied.differences());
        for (String sentence : applied.differences()) {
            findings.found(
                    "patient-difference",
                    false,
                    hospital.id(),
                    applied.patient().value(),
                    "Patient/" + applied.patient() + "/" + Integer.toHexString(sentence.hashCode()),
                    sentence);
        }
    }

    private PatientRecord record(Intake intake, Incoming incoming, Patient patient, OrgUnit hospital) {
        HumanName name = name(patient.getName());
        String state = patient.getAddress().stream()
                .filter(address -> address.getUse() != Address.AddressUse.OLD)
                .map(address -> States.code(address.getState()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return new PatientRecord(
                intake.source(),
                incoming.key().externalId(),
                incoming.observedAt(),
                hospital.id(),
                patient.getIdentifier().stream()
                        .filter(identifier -> identifier.hasSystem() && identifier.hasValue())
                        .map(PeopleMapping::identifier)
                        .toList(),
                given(name),
                family(name),
                day(patient.getBirthDate()),
                patient.hasGender() ? patient.getGender().toCode() : null,
                language(patient),
                needsInterpreter(patient),
                zone(state),
                state,
                patient.getMeta().getSecurity().stream().anyMatch(label -> "HTEST".equals(label.getCode())),
                deceased(patient, incoming.observedAt()),
                telecoms(patient.getTelecom()));
    }

    void applyRelated(Intake intake, Incoming incoming) {
        RelatedPerson person = parser.parse(RelatedPerson.class, incoming);
        PatientId patient = patient(intake, person.getPatient(), "RelatedPerson.patient");
        HumanName name = name(person.getName());
        feed.applyRelated(new RelatedRecord(
                intake.source(),
                incoming.key().externalId(),
                incoming.observedAt(),
                patient,
                (given(name) + " " + family(name)).strip(),
                person.getRelationship().stream()
                        .flatMap(concept -> concept.getCoding().stream())
                        .map(Coding::getCode)
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse("other"),
                person.getCommunication().stream()
                        .map(communication -> code(communication.getLanguage()))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null),
                day(person.getPeriod().getStart()),
                day(person.getPeriod().getEnd()),
                telecoms(person.getTelecom())));
        intake.concerns(incoming, patient);
    }

    void applyPractitioner(Intake intake, Incoming incoming, Supplier<OrgUnit> defaultHospital) {
        Practitioner practitioner = parser.parse(Practitioner.class, incoming);
        HumanName name = name(practitioner.getName());
        feed.applyParty(new PartyRecord(
                intake.source(),
                incoming.key().externalId(),
                "practitioner",
                defaultHospital.get().id(),
                (given(name) + " " + family(name)).strip()));
    }

    /** Only a patient-privacy consent of our own category speaks of messages; any other is kept as it came. */
    void applyConsent(Intake intake, Incoming incoming) {
        Consent consent = parser.parse(Consent.class, incoming);
        Optional<PatientId> patient = intake.patient(consent.getPatient(), "Consent.patient");
        patient.ifPresent(id -> intake.concerns(incoming, id));
        boolean aboutMessages = consent.getCategory().stream()
                .flatMap(category -> category.getCoding().stream())
                .anyMatch(coding -> CONSENT_CATEGORY.equals(coding.getSystem()) && MESSAGES.equals(coding.getCode()));
        boolean aboutPrivacy =
                consent.getScope().getCoding().stream().anyMatch(coding -> "patient-privacy".equals(coding.getCode()));
        if (!aboutMessages || !aboutPrivacy) {
            return;
        }
        PatientId stating = patient.orElseThrow(() -> unknownPatient("Consent.patient"));
        ConsentStatements statements = consents.getIfAvailable();
        if (statements == null) {
            return;
        }
        var statement = new ConsentStatements.Statement(
                intake.source(),
                "Consent/" + incoming.key().externalId(),
                consent.getPolicyRule().getText(),
                consent.hasDateTime() ? consent.getDateTime().toInstant() : incoming.observedAt());
        ConsentProvisions.of(consent, incoming.observedAt())
                .forEach(said ->
                        statements.stated(patients.partyOf(stating), null, said.purpose(), said.granted(), statement));
    }

    PatientId patient(Intake intake, org.hl7.fhir.r4.model.Reference reference, String expression) {
        return intake.patient(reference, expression).orElseThrow(() -> unknownPatient(expression));
    }

    private static Refusal unknownPatient(String expression) {
        return Refusal.unprocessable(
                "not-found", expression + " refers to no patient known here; send the Patient first.", expression);
    }

    private static PatientFeed.Identifier identifier(Identifier identifier) {
        String type = identifier.getType().getCodingFirstRep().getCode();
        return new PatientFeed.Identifier(identifier.getSystem(), type == null ? "" : type, identifier.getValue());
    }

    private static HumanName name(List<HumanName> names) {
        return names.stream()
                .filter(name -> name.getUse() != HumanName.NameUse.OLD)
                .min(Comparator.comparingInt(name -> name.getUse() == HumanName.NameUse.OFFICIAL ? 0 : 1))
                .orElseGet(HumanName::new);
    }

    private static String given(HumanName name) {
        return String.join(
                " ",
                name.getGiven().stream()
                        .map(StringType::getValueNotNull)
                        .filter(part -> !part.isBlank())
                        .toList());
    }

    private static String family(HumanName name) {
        if (name.hasFamily()) {
            return name.getFamily();
        }
        return name.hasGiven() || !name.hasText() ? "" : name.getText();
    }

    private static @Nullable String language(Patient patient) {
        return patient.getCommunication().stream()
                .sorted(Comparator.comparing(communication -> !communication.getPreferred()))
                .map(communication -> code(communication.getLanguage()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String code(CodeableConcept language) {
        return language.getCoding().stream()
                .map(Coding::getCode)
                .filter(code -> code != null && code.matches(LANGUAGE))
                .map(code -> Locale.forLanguageTag(code).toLanguageTag())
                .findFirst()
                .orElse(null);
    }

    private static boolean needsInterpreter(Patient patient) {
        var extension = patient.getExtensionByUrl(INTERPRETER);
        return extension != null && extension.getValue() instanceof BooleanType needed && needed.booleanValue();
    }

    private static @Nullable ZoneId zone(@Nullable String state) {
        return States.zone(state);
    }

    private static @Nullable Instant deceased(Patient patient, Instant observedAt) {
        if (patient.getDeceased() instanceof DateTimeType when && when.getValue() != null) {
            return when.getValue().toInstant();
        }
        boolean dead = patient.getDeceased() instanceof BooleanType yes && yes.booleanValue();
        return dead ? observedAt : null;
    }

    private static List<Telecom> telecoms(List<ContactPoint> points) {
        return points.stream()
                .filter(point -> point.hasValue() && point.hasSystem())
                .map(point -> new Telecom(
                        point.getSystem().toCode(),
                        point.getValue(),
                        point.hasUse() ? point.getUse().toCode() : "",
                        point.hasRank() ? point.getRank() : 1,
                        day(point.getPeriod().getStart()),
                        day(point.getPeriod().getEnd())))
                .toList();
    }

    private static @Nullable LocalDate day(@Nullable Date date) {
        // HAPI reads a date without a zone in the zone of the JVM
        return date == null ? null : LocalDate.ofInstant(date.toInstant(), ZoneId.systemDefault());
    }
}
