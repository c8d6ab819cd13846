package health.throughline.journey;

import health.throughline.access.Caller;
import health.throughline.access.Invalid;
import health.throughline.journey.JourneyResources.Instance;
import health.throughline.journey.JourneyResources.InstancePage;
import health.throughline.journey.JourneyResources.JourneyDetail;
import health.throughline.journey.JourneyResources.JourneyPage;
import health.throughline.journey.JourneyResources.Start;
import health.throughline.journey.JourneyResources.Withdrawal;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Starts, shows and withdraws journeys for programs and pages. */
@RestController
@RequestMapping(path = "/api/v1/journeys", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "Journeys")
class JourneysController {

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    static final String REPLAYED = "Idempotency-Replayed";

    private static final Pattern VISIBLE_ASCII = Pattern.compile("[\\x21-\\x7e]{1,255}");
    private static final Set<String> STATES = Set.of("active", "completed", "withdrawn", "failed");
    private static final int MOST = 100;
    private static final int LONGEST_REASON = 200;

    private final JourneyCatalogue catalogue;
    private final JourneyStarts starts;
    private final JourneyInstances instances;

    JourneysController(JourneyCatalogue catalogue, JourneyStarts starts, JourneyInstances instances) {
        this.catalogue = catalogue;
        this.starts = starts;
        this.instances = instances;
    }

    @GetMapping
    @Operation(summary = "The journeys that can be started")
    JourneyPage journeys() {
        return catalogue.list();
    }

    @GetMapping("/{key}")
    @Operation(summary = "A journey: what its context must hold, and its versions")
    JourneyDetail journey(@PathVariable String key) {
        return catalogue.detail(key);
    }

    @PostMapping("/{key}/instances")
    @Operation(
            summary = "Start a journey for a patient",
            description =
                    "The same Idempotency-Key with the same body starts nothing again and gets the first answer, with the"
                            + " header Idempotency-Replayed. While the first is worked on, the answer is 409; with another body, 422.")
    @ApiResponse(
            responseCode = "201",
            description = "Started; Location names the instance",
            content = @Content(schema = @Schema(implementation = Instance.class)))
    ResponseEntity<Instance> start(
            @AuthenticationPrincipal Caller caller,
            @PathVariable String key,
            @RequestHeader(IDEMPOTENCY_KEY) String idempotencyKey,
            @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = @Content(schema = @Schema(implementation = Start.class)))
                    @RequestBody
                    JsonNode body) {
        if (!VISIBLE_ASCII.matcher(idempotencyKey).matches()) {
            throw new IllegalArgumentException(
                    "The header Idempotency-Key is 1 to 255 visible ASCII characters, for example a UUID.");
        }
        JourneyStarts.Answer answer = starts.start(caller, key, idempotencyKey, body);
        var response = ResponseEntity.status(answer.status())
                .location(URI.create(
                        "/api/v1/journeys/instances/" + answer.instance().id()));
        if (answer.replayed()) {
            response.header(REPLAYED, "true");
        }
        return response.body(answer.instance());
    }

    @GetMapping("/instances")
    @Operation(summary = "Patients' ways through journeys, newest first")
    InstancePage instances(
            @RequestParam(required = false) @Nullable UUID patient,
            @RequestParam(required = false) @Nullable String journey,
            @RequestParam(required = false) @Nullable String state,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Integer limit) {
        int most = limit == null ? MOST / 4 : limit;
        if (most < 1 || most > MOST) {
            throw new Invalid("limit", "limit is between 1 and " + MOST + ".");
        }
        if (state != null && !STATES.contains(state)) {
            throw new Invalid("state", "state is one of active, completed, withdrawn, failed.");
        }
        return instances.page(patient, journey, state, cursor(after), most);
    }

    private static @Nullable UUID cursor(@Nullable String after) {
        try {
            return after == null ? null : UUID.fromString(after);
        } catch (IllegalArgumentException e) {
            throw new Invalid("after", "after is the value of next in the page before.");
        }
    }

    @GetMapping("/instances/{id}")
    @Operation(summary = "Where a patient's journey stands, what it said and why")
    Instance instance(@PathVariable UUID id) {
        return instances.read(id);
    }

    @PostMapping("/instances/{id}/withdraw")
    @Operation(summary = "End a journey; what it has not sent stays unsent. Again, it changes nothing")
    Instance withdraw(@PathVariable UUID id, @RequestBody Withdrawal withdrawal) {
        String reason = withdrawal.reason();
        if (reason == null || reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw new Invalid(
                    "reason", "Give a reason of 1 to " + LONGEST_REASON + " characters, without patient data.");
        }
        return instances.withdraw(id, reason.strip());
    }
}
