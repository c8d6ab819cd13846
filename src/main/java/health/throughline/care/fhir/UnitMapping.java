package health.throughline.care.fhir;

import health.throughline.TimeOrderedId;
import health.throughline.care.CareSettings;
import health.throughline.care.SourceRecords.Key;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnit.Kind;
import health.throughline.organization.OrgUnit.Phase;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Location;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.stereotype.Component;

/** Organizations become hospitals and departments, Locations places below them. */
@Component
class UnitMapping {

    static final String PATIENT_SAFE_NAME = "https://throughline.health/fhir/patient-safe-name";
    static final String PARKING = "https://throughline.health/fhir/parking";
    static final String TIMEZONE = "http://hl7.org/fhir/StructureDefinition/timezone";

    private static final int LONGEST_SLUG = 48;

    private final Organization organization;
    private final FhirParser parser;
    private final CareSettings settings;
    private final Phase newUnitPhase;

    UnitMapping(Organization organization, FhirParser parser, CareSettings settings, Environment environment) {
        this.organization = organization;
        this.parser = parser;
        this.settings = settings;
        Phase set = settings.newUnitPhase();
        boolean local = environment.acceptsProfiles(Profiles.of("local"));
        this.newUnitPhase = set != null ? set : local ? Phase.LIVE : Phase.OFF;
    }

    /** The hospital that keeps who belongs to none: as set, else the one known longest. */
    OrgUnit defaultHospital() {
        String path = settings.defaultHospital();
        Optional<OrgUnit> hospital = path != null
                ? organization.findByPath(path)
                : organization.all().stream()
                        .filter(unit -> unit.kind() == Kind.HOSPITAL)
                        .min(Comparator.comparing(unit -> unit.id().toString()));
        return hospital.orElseThrow(() -> Refusal.unprocessable(
                "business-rule",
                "No hospital is known yet: send its Organization first, or set THROUGHLINE_CARE_DEFAULT_HOSPITAL to its path.",
                null));
    }

    Optional<OrgUnit> unit(String source, Key key) {
        return organization.findByExternalId(source, key.type(), key.externalId());
    }

    /** Parents before children, in whatever order they came. */
    void applyOrganizations(Intake intake, List<Incoming> incoming) {
        var waiting = new ArrayList<>(incoming);
        while (!waiting.isEmpty()) {
            var left = waiting.stream()
                    .filter(one -> !applyOrganization(intake, one))
                    .toList();
            if (left.size() == waiting.size()) {
                throw Refusal.unprocessable(
                                "not-found",
                                "Organization.partOf leads to an organization nobody has told of, or in a circle.",
                                "Organization.partOf")
                        .within(left.getFirst().index());
            }
            waiting = new ArrayList<>(left);
        }
    }

    private boolean applyOrganization(Intake intake, Incoming incoming) {
        var resource = parser.parse(org.hl7.fhir.r4.model.Organization.class, incoming);
        Optional<OrgUnit> parent = Optional.empty();
        if (resource.hasPartOf()) {
            parent = intake.resolve(resource.getPartOf(), "Organization", "Organization.partOf")
                    .flatMap(key -> unit(intake.source(), key));
            if (parent.isEmpty()) {
                return false;
            }
        }
        store(
                intake,
                incoming,
                parent.isPresent() ? Kind.DEPARTMENT : Kind.HOSPITAL,
                parent.orElseGet(this::root),
                name(resource.getName(), incoming),
                resource,
                resource.getAddressFirstRep(),
                resource.getTelecom());
        return true;
    }

    void applyLocation(Intake intake, Incoming incoming) {
        Location resource = parser.parse(Location.class, incoming);
        OrgUnit parent = managing(intake, resource.getManagingOrganization(), "Location.managingOrganization")
                .or(() -> intake.resolve(resource.getPartOf(), "Location", "Location.partOf")
                        .flatMap(key -> unit(intake.source(), key))
                        .map(OrgUnit::parent)
                        .flatMap(organization::find))
                .orElseGet(this::defaultHospital);
        store(
                intake,
                incoming,
                Kind.LOCATION,
                parent,
                name(resource.getName(), incoming),
                resource,
                resource.getAddress(),
                resource.getTelecom());
    }

    Optional<OrgUnit> managing(Intake intake, Reference reference, String expression) {
        return intake.resolve(reference, "Organization", expression).flatMap(key -> unit(intake.source(), key));
    }

    private void store(
            Intake intake,
            Incoming incoming,
            Kind kind,
            OrgUnit parent,
            String name,
            DomainResource resource,
            @Nullable Address address,
            List<ContactPoint> telecoms) {
        Optional<OrgUnit> known = unit(intake.source(), incoming.key());
        String state = address == null ? null : States.code(address.getState());
        ZoneId zone = zone(resource, state, parent);
        var unit = new OrgUnit(
                known.map(OrgUnit::id).orElseGet(() -> new OrgUnitId(TimeOrderedId.next())),
                known.map(OrgUnit::parent).orElse(parent.id()),
                known.map(OrgUnit::kind).orElse(kind),
                known.map(OrgUnit::path).orElseGet(() -> path(parent, name, incoming)),
                name,
                extension(resource, PATIENT_SAFE_NAME),
                zone,
                phone(telecoms),
                line(address),
                address == null ? null : address.getCity(),
                state,
                address == null ? null : address.getPostalCode(),
                extension(resource, PARKING),
                known.map(OrgUnit::phase).orElse(newUnitPhase));
        if (!unit.equals(known.orElse(null))) {
            organization.save(unit);
        }
        if (known.isEmpty()) {
            organization.identify(
                    unit.id(), intake.source(), incoming.type(), incoming.key().externalId());
        }
    }

    private OrgUnit root() {
        return organization.all().stream()
                .filter(unit -> unit.kind() == Kind.SYSTEM)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The organisation has no root"));
    }

    private String path(OrgUnit parent, String name, Incoming incoming) {
        String slug = Normalizer.normalize(name, Normalizer.Form.NFKD)
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        slug = slug.isEmpty() ? "unit" : slug.substring(0, Math.min(LONGEST_SLUG, slug.length()));
        String path = parent.path() + slug + "/";
        if (organization.findByPath(path).isEmpty()) {
            return path;
        }
        return parent.path() + slug + "-"
                + Integer.toHexString((incoming.type() + incoming.key().externalId()).hashCode()) + "/";
    }

    private static ZoneId zone(DomainResource resource, @Nullable String state, OrgUnit parent) {
        String stated = extension(resource, TIMEZONE);
        if (stated != null) {
            try {
                return ZoneId.of(stated);
            } catch (DateTimeException e) {
                String type = resource.fhirType();
                throw Refusal.unprocessable(
                        "value", "The time zone of the " + type + " is none of the tz database.", type + ".extension");
            }
        }
        ZoneId ofState = parent.kind() == Kind.SYSTEM ? States.zone(state) : null;
        return ofState == null ? parent.zone() : ofState;
    }

    private static String name(@Nullable String name, Incoming incoming) {
        return name == null || name.isBlank()
                ? incoming.type() + " " + incoming.key().externalId()
                : name.strip();
    }

    private static @Nullable String extension(DomainResource resource, String url) {
        var extension = resource.getExtensionByUrl(url);
        if (extension == null || !(extension.getValue() instanceof org.hl7.fhir.r4.model.PrimitiveType<?> value)) {
            return null;
        }
        String text = value.getValueAsString();
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static @Nullable String phone(List<ContactPoint> telecoms) {
        return telecoms.stream()
                .filter(telecom -> telecom.getSystem() == ContactPoint.ContactPointSystem.PHONE && telecom.hasValue())
                .map(ContactPoint::getValue)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String line(@Nullable Address address) {
        if (address == null || !address.hasLine()) {
            return null;
        }
        return address.getLine().stream().map(StringType::getValue).collect(Collectors.joining(", "));
    }
}
