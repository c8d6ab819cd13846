package health.throughline.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The demo hospital and its patients, as their bundles on the class path tell them. */
final class DemoRecords {

    private static final String TIMEZONE = "http://hl7.org/fhir/StructureDefinition/timezone";
    private static final ZoneId DEFAULT_ZONE = ZoneId.of("America/Denver");

    private final @Nullable String hospital = read("/demo/hospital.json");
    private final @Nullable String patients = read("/demo/patients.json");

    /** A patient on the page. */
    record DemoPatient(String id, String name, @Nullable String birthDate, String language, List<String> phones) {}

    /** A place for visits on the page. */
    record DemoLocation(String id, String name, String zone) {}

    /** The bundles in the order in which they have to be told. */
    List<String> bundles() {
        return java.util.stream.Stream.of(hospital, patients)
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    List<DemoPatient> patients() {
        return resources(patients, "Patient").stream()
                .map(patient -> new DemoPatient(
                        text(patient.path("id")),
                        name(patient),
                        patient.path("birthDate").asString(null),
                        text(patient.at("/communication/0/language/coding/0/code")),
                        phones(patient)))
                .toList();
    }

    List<DemoLocation> locations() {
        return resources(hospital, "Location").stream()
                .map(location -> new DemoLocation(
                        text(location.path("id")),
                        text(location.path("name")),
                        zone(location).getId()))
                .toList();
    }

    Optional<ZoneId> zoneOf(String location) {
        return locations().stream()
                .filter(each -> each.id().equals(location))
                .map(each -> ZoneId.of(each.zone()))
                .findFirst();
    }

    /** A shared phone carries the names of all who use it. */
    Map<String, String> namesByNumber() {
        var names = new LinkedHashMap<String, String>();
        for (DemoPatient patient : patients()) {
            patient.phones().forEach(phone -> names.merge(phone, patient.name(), (one, other) -> one + ", " + other));
        }
        return names;
    }

    Map<String, String> namesByEmail() {
        var names = new LinkedHashMap<String, String>();
        for (JsonNode patient : resources(patients, "Patient")) {
            for (JsonNode telecom : patient.path("telecom")) {
                if (text(telecom.path("system")).equals("email")) {
                    names.put(text(telecom.path("value")).toLowerCase(java.util.Locale.ROOT), name(patient));
                }
            }
        }
        return names;
    }

    private static String name(JsonNode patient) {
        JsonNode name = patient.path("name").path(0);
        return (text(name.path("given").path(0)) + " " + text(name.path("family"))).strip();
    }

    private static List<String> phones(JsonNode patient) {
        var phones = new ArrayList<String>();
        for (JsonNode telecom : patient.path("telecom")) {
            if (text(telecom.path("system")).equals("phone")) {
                phones.add(text(telecom.path("value")).replaceAll("[^+0-9]", ""));
            }
        }
        return List.copyOf(phones);
    }

    private static ZoneId zone(JsonNode location) {
        for (JsonNode extension : location.path("extension")) {
            if (text(extension.path("url")).equals(TIMEZONE)) {
                return ZoneId.of(text(extension.path("valueCode")));
            }
        }
        return DEFAULT_ZONE;
    }

    private static List<JsonNode> resources(@Nullable String bundle, String type) {
        var resources = new ArrayList<JsonNode>();
        if (bundle != null) {
            for (JsonNode entry : Json.read(bundle).path("entry")) {
                if (text(entry.path("resource").path("resourceType")).equals(type)) {
                    resources.add(entry.path("resource"));
                }
            }
        }
        return resources;
    }

    private static String text(JsonNode node) {
        return node.asString("");
    }

    private static @Nullable String read(String path) {
        try (InputStream file = DemoRecords.class.getResourceAsStream(path)) {
            return file == null ? null : new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
