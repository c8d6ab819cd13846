package health.throughline.journey;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the journeys' API says and takes. The names are those of the OpenAPI document. */
final class JourneyResources {

    private JourneyResources() {}

    /**
     * A journey that can be started.
     *
     * @param subject what an instance is about: {@code appointment}
     * @param contextSchema JSON schema of what a start must be given
     */
    record Journey(String key, String title, int version, String subject, Map<String, Object> contextSchema) {}

    record JourneyPage(List<Journey> items, @Nullable String next) {}

    record JourneyDetail(String key, String title, Map<String, Object> contextSchema, List<JourneyVersion> versions) {}

    /** @param active how many instances the caller may see still run on it */
    record JourneyVersion(int version, Instant releasedAt, String releasedBy, int active) {}

    /** One patient's way through a journey: where it stands, what it said and why. */
    record Instance(
            UUID id,
            String journey,
            String journeyTitle,
            int version,
            PatientOfInstance patient,
            Subject subject,
            String state,
            @Nullable String outcome,
            Instant startedAt,
            String startedBy,
            @Nullable Instant endedAt,
            List<Standing> standsAt,
            List<Step> steps,
            List<InstanceMessage> messages,
            List<InstanceTask> tasks) {}

    /**
     * A step that was taken.
     *
     * @param depth 1 in the journey itself, 2 in what it called
     * @param sentence what was done, or at a fork what was asked and how it was answered, in words to read out
     */
    @Schema(name = "StepTaken")
    record Step(String activity, Instant at, int depth, String sentence) {}

    record InstancePage(List<Instance> items, @Nullable String next) {}

    @Schema(name = "PatientId")
    record PatientOfInstance(UUID id) {}

    record Subject(String type, UUID id) {}

    /** @param waitsUntil when it goes on by itself, where it does */
    record Standing(
            String activityId,
            String name,
            Instant since,

            @JsonInclude(JsonInclude.Include.NON_NULL)
            @Schema(
                    types = {"string", "null"},
                    format = "date-time")
            @Nullable
            Instant waitsUntil) {}

    record InstanceMessage(
            UUID id,
            Instant at,
            String template,
            String channel,
            String state,
            @Nullable String why) {}

    record InstanceTask(UUID id, String title, String state) {}

    /** @param context as the journey's {@code contextSchema} wants it */
    record Start(StartPatient patient, Map<String, Object> context) {}

    /** Either of the two. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StartPatient(@Nullable UUID id, @Nullable Identifier identifier) {}

    record Identifier(String system, String value) {}

    /** @param reason at most 200 characters, without patient data */
    record Withdrawal(String reason) {}
}
