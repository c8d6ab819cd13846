package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.access.Conflict;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.channel.Channel;
import health.throughline.conversation.Conversations;
import health.throughline.conversation.HeldMessages;
import health.throughline.journey.ReleasedJourneys;
import health.throughline.organization.Holds;
import health.throughline.organization.Holds.Placed;
import health.throughline.organization.Holds.Scope;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The stop button over HTTP: stop, see what waits, let it go again. */
@RestController
@RequestMapping("/api/v1/holds")
@Tag(name = "Holds")
class HoldsController {

    private static final int LATEST = 100;
    private static final int LONGEST_REASON = 500;

    /** More than this is let go only by whoever types how many it is. */
    private static final int TYPED_ABOVE = 50;

    private final Holds holds;
    private final HeldMessages held;
    private final Conversations conversations;
    private final ReleasedJourneys journeys;
    private final Organization organization;
    private final Audit audit;
    private final Clock clock;

    HoldsController(
            Holds holds,
            HeldMessages held,
            Conversations conversations,
            ReleasedJourneys journeys,
            Organization organization,
            Audit audit,
            Clock clock) {
        this.holds = holds;
        this.held = held;
        this.conversations = conversations;
        this.journeys = journeys;
        this.organization = organization;
        this.audit = audit;
        this.clock = clock;
    }

    @Schema(name = "NewHold")
    record NewHold(
            @Nullable String scope,
            @Nullable String value,
            @Nullable String reason,
            @Nullable Instant until) {}

    @Schema(name = "Lift")
    record Lift(@Nullable String reason, @Nullable Integer confirm) {}

    @Schema(name = "Hold")
    record Hold(
            UUID id,
            String scope,
            String value,
            String what,
            UnitRef orgUnit,
            String reason,
            String placedBy,
            Instant placedAt,
            @Nullable Instant until,
            @Nullable Instant liftedAt,
            @Nullable String liftedBy,
            @Nullable String liftReason,
            boolean inForce,

            @Schema(description = "Messages that were due and were stopped")
            int stopped,

            @Schema(description = "When placed: messages that had started already and are not answered for yet")
            @Nullable
            Integer onTheirWay,

            @Schema(description = "Whether the caller may lift it")
            boolean mayLift) {}

    @Schema(name = "HoldUnit")
    record UnitRef(UUID id, String name) {}

    @Schema(name = "HoldList")
    record HoldList(List<Hold> items) {}

    @Schema(name = "HeldMessage")
    record Item(
            @Nullable String journey,
            String template,
            String orgUnit,
            Instant writtenAt,
            @Nullable Instant goesAt,
            Instant expiresAt,
            String reason,
            String sentence) {}

    @Schema(name = "HeldReason")
    record Reason(String reason, int count) {}

    @Schema(name = "HeldGroup")
    record Group(int count, List<Reason> reasons, List<Item> first) {}

    @Schema(name = "HoldPreview")
    record Preview(
            int covered,
            int lookedAt,
            Group goesNow,
            Group waits,
            Group dropped,
            Group stillHeld,

            @Schema(description = "Lifting wants this number typed")
            boolean typed) {}

    @GetMapping
    @Operation(summary = "What is on hold; with state=all also what was")
    @Transactional
    HoldList list(@RequestParam(defaultValue = "in-force") String state, @AuthenticationPrincipal Caller caller) {
        List<Placed> found = switch (state) {
            case "in-force" -> holds.inForce();
            case "all" -> holds.latest(LATEST);
            default -> throw new Invalid("state", "state is in-force or all.");
        };
        Map<UUID, Integer> stopped = held.stopped();
        return new HoldList(
                found.stream().map(one -> hold(one, stopped, null, caller)).toList());
    }

    @GetMapping("/{id}")
    @Operation(summary = "One hold")
    @Transactional
    Hold read(@PathVariable UUID id, @AuthenticationPrincipal Caller caller) {
        return hold(find(id), held.stopped(), null, caller);
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Stop: from the answer on, nothing it covers starts to be sent",
            description =
                    "It covers what is sent for the caller's unit and those below. What had started before is told as"
                            + " onTheirWay.")
    Hold place(@RequestBody NewHold wanted, @AuthenticationPrincipal Caller caller) {
        Scope scope = scope(wanted.scope());
        String value = value(scope, wanted.value() == null ? "" : wanted.value().strip(), caller);
        String reason = reason(wanted.reason());
        Instant until = wanted.until();
        if (until != null && !until.isAfter(clock.instant())) {
            throw new Invalid(
                    "until", "until is past. Give a moment to come, or leave it out to hold until somebody lifts it.");
        }
        // committed before anything is counted: what is on its way now had started before
        Placed placed = holds.place(caller.unit(), scope, value, reason, until);
        return hold(placed, held.stopped(), held.onTheirWay(placed.id()), caller);
    }

    @GetMapping("/{id}/preview")
    @Operation(summary = "What would go, wait and be dropped if the hold were lifted now")
    @Transactional
    Preview preview(@PathVariable UUID id) {
        Placed hold = inForce(id);
        HeldMessages.Preview preview = held.preview(hold.id());
        audit.record(
                Audit.Entry.done("hold.preview", "hold", id, null).with("count", String.valueOf(preview.covered())));
        return new Preview(
                preview.covered(),
                preview.lookedAt(),
                group(preview.goesNow()),
                group(preview.waits()),
                group(preview.dropped()),
                group(preview.stillHeld()),
                stopped(id) > TYPED_ABOVE);
    }

    @PostMapping("/{id}/lift")
    @Operation(
            summary = "Let what is still true go, each message at its own decent hour",
            description =
                    "Where more than 50 messages were stopped, confirm is their number (stopped) as read; a tenth more"
                            + " or less by now is let pass.")
    Hold lift(
            @PathVariable UUID id,
            @RequestBody(required = false) @Nullable Lift lift,
            @AuthenticationPrincipal Caller caller) {
        Placed hold = inForce(id);
        if (!mayLift(hold, caller)) {
            throw new Conflict("This hold was placed for " + unit(hold.owner()).name()
                    + ", above your unit. Ask somebody there to lift it.");
        }
        int stopped = stopped(id);
        Integer confirm = lift == null ? null : lift.confirm();
        if (stopped > TYPED_ABOVE
                && (confirm == null || Math.abs((long) confirm - stopped) * 10 > Math.max(confirm, stopped))) {
            throw new Invalid(
                    "confirm",
                    "This lets " + stopped
                            + " stopped messages be looked at again. Type that number as confirm to go on.");
        }
        String reason = lift == null || lift.reason() == null || lift.reason().isBlank() ? null : reason(lift.reason());
        if (!holds.lift(id, reason)) {
            throw new Conflict("Somebody else lifted this hold a moment ago.");
        }
        return hold(find(id), held.stopped(), null, caller);
    }

    private int stopped(UUID hold) {
        return held.stopped().getOrDefault(hold, 0);
    }

    private Placed find(UUID id) {
        return holds.find(id).orElseThrow(() -> new NotFound("hold", id));
    }

    private Placed inForce(UUID id) {
        Placed hold = find(id);
        if (!isInForce(hold)) {
            throw new Conflict("This hold is over: nothing waits for it any more.");
        }
        return hold;
    }

    private boolean isInForce(Placed hold) {
        Instant until = hold.until();
        return hold.liftedAt() == null && (until == null || until.isAfter(clock.instant()));
    }

    private static Scope scope(@Nullable String code) {
        return Arrays.stream(Scope.values())
                .filter(scope -> scope.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new Invalid(
                        "scope",
                        "scope is one of "
                                + Arrays.stream(Scope.values()).map(Scope::code).collect(Collectors.joining(", "))
                                + "."));
    }

    private String value(Scope scope, String value, Caller caller) {
        return switch (scope) {
            case SYSTEM -> {
                if (!value.isEmpty()) {
                    throw new Invalid("value", "A hold of the whole system takes no value.");
                }
                yield value;
            }
            case JOURNEY -> {
                if (journeys.title(value).isEmpty()) {
                    throw new Invalid("value", "No journey of this key was released; GET /api/v1/journeys lists them.");
                }
                yield value;
            }
            case CHANNEL -> {
                String code = value.toLowerCase(Locale.ROOT);
                List<String> known =
                        conversations.channels().stream().map(Channel::code).toList();
                if (!known.contains(code)) {
                    throw new Invalid("value", "value is a channel: one of " + String.join(", ", known) + ".");
                }
                yield code;
            }
            case ORG_UNIT -> below(caller, unit(value), "a unit").id().toString();
            case LOCATION -> {
                OrgUnit place = below(caller, unit(value), "a location");
                if (place.kind() != OrgUnit.Kind.LOCATION) {
                    throw new Invalid(
                            "value", place.name() + " is no location. Choose one, or hold it with the scope org_unit.");
                }
                yield place.id().toString();
            }
        };
    }

    /** By id or by path. */
    private Optional<OrgUnit> unit(String value) {
        if (value.startsWith("/")) {
            return organization.findByPath(value);
        }
        try {
            return organization.find(new OrgUnitId(UUID.fromString(value)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private OrgUnit below(Caller caller, Optional<OrgUnit> unit, String what) {
        String own = organization.find(caller.unit()).map(OrgUnit::path).orElse("/nowhere/");
        return unit.filter(found -> found.path().startsWith(own))
                .orElseThrow(() -> new Invalid(
                        "value",
                        "value is the id or the path of " + what + " of yours; GET /api/v1/units lists them."));
    }

    private static String reason(@Nullable String reason) {
        if (reason == null || reason.isBlank() || reason.strip().length() > LONGEST_REASON) {
            throw new Invalid(
                    "reason",
                    "Say why in 1 to " + LONGEST_REASON + " characters, without patient data: everybody reads it.");
        }
        return reason.strip();
    }

    private boolean mayLift(Placed hold, Caller caller) {
        String own = organization.find(caller.unit()).map(OrgUnit::path).orElse("/nowhere/");
        return organization
                .find(hold.owner())
                .filter(unit -> unit.path().startsWith(own))
                .isPresent();
    }

    private UnitRef unit(OrgUnitId id) {
        return new UnitRef(id.value(), organization.find(id).map(OrgUnit::name).orElse(""));
    }

    private Hold hold(Placed hold, Map<UUID, Integer> stopped, @Nullable Integer onTheirWay, Caller caller) {
        String what = what(hold);
        return new Hold(
                hold.id(),
                hold.scope().code(),
                hold.value(),
                what,
                unit(hold.owner()),
                hold.reason(),
                hold.placedBy(),
                hold.placedAt(),
                hold.until(),
                hold.liftedAt(),
                hold.liftedBy(),
                hold.liftReason(),
                isInForce(hold),
                stopped.getOrDefault(hold.id(), 0),
                onTheirWay,
                mayLift(hold, caller));
    }

    private String what(Placed hold) {
        return switch (hold.scope()) {
            case JOURNEY -> "Journey “" + journeys.title(hold.value()).orElse(hold.value()) + "”";
            case SYSTEM ->
                organization
                        .find(hold.owner())
                        .filter(unit -> unit.kind() != OrgUnit.Kind.SYSTEM)
                        .map(unit -> "Everything at " + unit.name())
                        .orElse(hold.what());
            default -> hold.what();
        };
    }

    private Group group(HeldMessages.Group group) {
        return new Group(
                group.count(),
                group.reasons().entrySet().stream()
                        .map(each -> new Reason(each.getKey(), each.getValue()))
                        .toList(),
                group.first().stream()
                        .map(item -> new Item(
                                item.journey(),
                                item.template(),
                                unit(new OrgUnitId(item.orgUnit())).name(),
                                item.writtenAt(),
                                item.goesAt(),
                                item.expiresAt(),
                                item.reason(),
                                item.sentence()))
                        .toList());
    }
}
