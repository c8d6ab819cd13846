import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;

/**
 * Lays over Synthea's Bundles what they lack: appointments, and numbers that are valid but belong to nobody (555-0100 to 555-0199).
 * Run by {@code generate}; the same seed gives the same Bundles.
 */
class Overlay {

    private static final Instant FIRST_DAY = Instant.parse("2026-03-02T15:00:00Z");
    private static final int[] AREA_CODES = {303, 720, 719, 970};
    private static final String[] VISIT_TYPES = {"CARD-FU", "GEN-FU", "GEN-NEW", "LAB", "MAMMO"};
    private static final int APPOINTMENTS = 3;

    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        Path to = Files.createDirectories(Path.of(arguments[1]));
        Random random = new Random(Long.parseLong(arguments[2]));
        List<Path> files;
        try (var found = Files.list(from)) {
            files = found.filter(file -> file.toString().endsWith(".json")).sorted().toList();
        }
        int number = 0;
        for (Path file : files) {
            String name = file.getFileName().toString();
            JsonObject bundle = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            if (name.startsWith("hospitalInformation")) {
                Files.writeString(to.resolve("0000-hospitals.json"), bundle.toString());
            } else if (name.startsWith("practitionerInformation")) {
                Files.writeString(to.resolve("0001-practitioners.json"), bundle.toString());
            } else {
                lay(bundle, random, number);
                Files.writeString(to.resolve("1%04d-patient.json".formatted(number++)), bundle.toString());
            }
        }
    }

    private static void lay(JsonObject bundle, Random random, int number) {
        JsonArray entries = bundle.getAsJsonArray("entry");
        JsonObject first = null;
        for (JsonElement element : entries) {
            JsonObject entry = element.getAsJsonObject();
            JsonObject resource = entry.getAsJsonObject("resource");
            if (resource.get("resourceType").getAsString().equals("Patient")) {
                first = entry;
                resource.add("telecom", contacts(random, number));
            }
        }
        for (int n = 0; first != null && n < APPOINTMENTS; n++) {
            entries.add(appointment(first, random, n));
        }
    }

    private static JsonArray contacts(Random random, int number) {
        JsonArray telecom = new JsonArray();
        int area = AREA_CODES[number / 100 % AREA_CODES.length];
        telecom.add(contact("phone", "+1 %d 555 01%02d".formatted(area, number % 100), "mobile"));
        if (random.nextInt(3) == 0) {
            telecom.add(contact("email", "patient%d@example.com".formatted(number), "home"));
        }
        return telecom;
    }

    private static JsonObject contact(String system, String value, String use) {
        JsonObject contact = new JsonObject();
        contact.addProperty("system", system);
        contact.addProperty("value", value);
        contact.addProperty("use", use);
        return contact;
    }

    private static JsonObject appointment(JsonObject patient, Random random, int number) {
        String id = patient.getAsJsonObject("resource").get("id").getAsString() + "-a" + number;
        Instant start = FIRST_DAY.plus(random.nextInt(120) - 60, ChronoUnit.DAYS).plus(15L * random.nextInt(32), ChronoUnit.MINUTES);
        JsonObject resource = new JsonObject();
        resource.addProperty("resourceType", "Appointment");
        resource.addProperty("id", id);
        resource.addProperty("status", start.isBefore(FIRST_DAY) ? "fulfilled" : "booked");
        resource.addProperty("start", start.toString());
        resource.addProperty("end", start.plus(30, ChronoUnit.MINUTES).toString());
        JsonObject coding = new JsonObject();
        coding.addProperty("code", VISIT_TYPES[random.nextInt(VISIT_TYPES.length)]);
        JsonArray codings = new JsonArray();
        codings.add(coding);
        JsonObject type = new JsonObject();
        type.add("coding", codings);
        JsonArray types = new JsonArray();
        types.add(type);
        resource.add("serviceType", types);
        JsonObject actor = new JsonObject();
        actor.add("reference", patient.get("fullUrl"));
        JsonObject participant = new JsonObject();
        participant.add("actor", actor);
        participant.addProperty("status", "accepted");
        JsonArray participants = new JsonArray();
        participants.add(participant);
        resource.add("participant", participants);
        JsonObject request = new JsonObject();
        request.addProperty("method", "POST");
        request.addProperty("url", "Appointment");
        JsonObject entry = new JsonObject();
        entry.addProperty("fullUrl", "urn:uuid:" + id);
        entry.add("resource", resource);
        entry.add("request", request);
        return entry;
    }
}
