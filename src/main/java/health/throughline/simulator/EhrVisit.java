package health.throughline.simulator;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A visit as the simulated EHR keeps it, and as FHIR tells it.
 *
 * @param updatedAt orders the versions; the product takes no older one
 */
record EhrVisit(
        String id,
        String patientId,
        LocalDateTime start,
        String zone,
        String visitType,
        String locationId,
        String status,
        Instant updatedAt) {

    private static final int MINUTES = 30;

    EhrVisit with(String newStatus, LocalDateTime newStart, Instant now) {
        Instant later = now.isAfter(updatedAt) ? now : updatedAt.plusMillis(1);
        return new EhrVisit(id, patientId, newStart, zone, visitType, locationId, newStatus, later);
    }

    Map<String, Object> appointment() {
        var json = resource("Appointment", id);
        json.put("identifier", List.of(Map.of("system", "https://ehr.example/appointment", "value", id)));
        json.put("status", status);
        json.put(
                "serviceType",
                List.of(Map.of(
                        "coding", List.of(Map.of("system", "https://ehr.example/visit-type", "code", visitType)))));
        json.put("start", startAt().toString());
        json.put("end", startAt().plus(MINUTES, ChronoUnit.MINUTES).toString());
        json.put("participant", List.of(participant("Patient/" + patientId), participant("Location/" + locationId)));
        return json;
    }

    /** The patient is here. */
    Map<String, Object> encounter() {
        var json = resource("Encounter", "visit-of-" + id);
        json.put("status", "arrived");
        json.put("class", Map.of("system", "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code", "AMB"));
        json.put("subject", Map.of("reference", "Patient/" + patientId));
        json.put("appointment", List.of(Map.of("reference", "Appointment/" + id)));
        json.put("period", Map.of("start", updatedAt.toString()));
        json.put("location", List.of(Map.of("location", Map.of("reference", "Location/" + locationId))));
        return json;
    }

    private LinkedHashMap<String, Object> resource(String type, String resourceId) {
        var json = new LinkedHashMap<String, Object>();
        json.put("resourceType", type);
        json.put("id", resourceId);
        json.put("meta", Map.of("lastUpdated", updatedAt.toString()));
        return json;
    }

    private Instant startAt() {
        return start.atZone(ZoneId.of(zone)).toInstant();
    }

    private static Map<String, Object> participant(String reference) {
        return Map.of("actor", Map.of("reference", reference), "status", "accepted");
    }
}
