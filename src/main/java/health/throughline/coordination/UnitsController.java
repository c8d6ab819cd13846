package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.access.Conflict;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.conversation.ShadowReport;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The departments, how far each has gone live, and what those in shadow would have sent. */
@RestController
@RequestMapping("/api/v1/units")
@Tag(name = "Units")
class UnitsController {

    private static final int LONGEST_REASON = 500;
    private static final int MOST_DAYS = 92;
    private static final int PAGE = 50;
    private static final int MOST = 100;
    private static final int MOST_ALLOWED = 500;

    private final Organization organization;
    private final Coverage coverage;
    private final ShadowReport report;
    private final JdbcTasks tasks;
    private final Patients patients;
    private final People people;
    private final Audit audit;
    private final Clock clock;

    UnitsController(
            Organization organization,
            Coverage coverage,
            ShadowReport report,
            JdbcTasks tasks,
            Patients patients,
            People people,
            Audit audit,
            Clock clock) {
        this.organization = organization;
        this.coverage = coverage;
        this.report = report;
        this.tasks = tasks;
        this.patients = patients;
        this.people = people;
        this.audit = audit;
        this.clock = clock;
    }

    @Schema(name = "Unit")
    record Unit(
            UUID id,
            @Nullable UUID parent,
            String kind,
            String name,
            String path,
            String zone,
            String phase,

            @Schema(description = "Whether anybody is called at night, here or from a unit above")
            boolean covered) {}

    @Schema(name = "UnitList")
    record Units(List<Unit> items) {}

    @Schema(name = "PhaseChange")
    record PhaseChange(@Nullable String phase, @Nullable String reason) {}

    @Schema(name = "AllowedPatients")
    record Allowed(List<UUID> patients) {}

    @Schema(name = "AllowPatient")
    record Allow(@Nullable UUID patient) {}

    @Schema(name = "ShadowLine")
    record Line(String journey, String template, String outcome, int count) {}

    @Schema(name = "ShadowDay")
    record Day(LocalDate day, int count) {}

    @Schema(name = "ShadowTasks")
    record TaskCount(String reason, int count) {}

    @Schema(name = "ShadowReport")
    record Report(
            String phase,
            Instant since,
            int wouldGo,
            int waiting,
            List<Line> lines,
            List<Day> days,

            @Schema(description = "Work that would have arisen for coordinators")
            List<TaskCount> tasks) {}

    @Schema(name = "ShadowMessage")
    record Message(
            UUID id,
            UUID patient,
            String patientName,
            Instant at,
            @Nullable String journey,
            String template,
            String locale,
            String text,
            String reason,
            String why) {}

    @Schema(name = "ShadowMessages")
    record Messages(List<Message> items, @Nullable String next) {}

    @GetMapping
    @Operation(summary = "The caller's units, each with its phase; parents before children")
    @Transactional(readOnly = true)
    Units list(@AuthenticationPrincipal Caller caller) {
        return new Units(organization.all().stream()
                .filter(unit -> isBelow(unit, caller))
                .map(this::shown)
                .toList());
    }

    @PostMapping("/{id}/phase")
    @Operation(summary = "Move a department one step towards live, or back by any number")
    @Transactional
    Unit change(@PathVariable UUID id, @RequestBody PhaseChange wanted, @AuthenticationPrincipal Caller caller) {
        OrgUnit unit = find(id, caller);
        OrgUnit.Phase to = phase(wanted.phase());
        String reason = wanted.reason();
        if (reason == null || reason.isBlank() || reason.strip().length() > LONGEST_REASON) {
            throw new Invalid("reason", "Say why in 1 to " + LONGEST_REASON + " characters, without patient data.");
        }
        try {
            organization.changePhase(unit.id(), to, reason.strip());
        } catch (IllegalArgumentException e) {
            throw new Conflict(e.getMessage() + ".");
        }
        return shown(find(id, caller));
    }

    @GetMapping("/{id}/allow-list")
    @Operation(summary = "The patients to whom the unit sends while its phase is allow_list")
    @Transactional
    Allowed allowed(@PathVariable UUID id, @AuthenticationPrincipal Caller caller) {
        OrgUnit unit = find(id, caller);
        audit.record(Audit.Entry.done("org_unit.allow_list", "org_unit", id, null));
        return new Allowed(organization.allowed(unit.id()));
    }

    @PostMapping("/{id}/allow-list")
    @Operation(summary = "Let the unit send to this patient; again, it changes nothing")
    @Transactional
    Allowed allow(@PathVariable UUID id, @RequestBody Allow wanted, @AuthenticationPrincipal Caller caller) {
        OrgUnit unit = find(id, caller);
        UUID patient = wanted.patient();
        if (patient == null) {
            throw new Invalid("patient", "patient is missing: the id of a patient.");
        }
        PatientId found = patients.find(new PatientId(patient))
                .orElseThrow(() -> new Invalid("patient", "There is no patient with this id here."))
                .id();
        if (organization.allowed(unit.id()).size() >= MOST_ALLOWED) {
            throw new Conflict(
                    "The allow-list holds " + MOST_ALLOWED + " patients at most. Go live, or take some off it.");
        }
        organization.allow(unit.id(), found.value());
        return new Allowed(organization.allowed(unit.id()));
    }

    @DeleteMapping("/{id}/allow-list/{patient}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Take a patient off the list; what is queued for them no longer goes")
    @Transactional
    void disallow(@PathVariable UUID id, @PathVariable UUID patient, @AuthenticationPrincipal Caller caller) {
        if (!organization.disallow(find(id, caller).id(), patient)) {
            throw new NotFound("patient on the allow-list", patient);
        }
    }

    @GetMapping("/{id}/shadow-report")
    @Operation(summary = "What the department would have sent, counted")
    @Transactional
    Report report(
            @PathVariable UUID id, @RequestParam(defaultValue = "7") int days, @AuthenticationPrincipal Caller caller) {
        OrgUnit unit = find(id, caller);
        Instant since = since(days);
        ShadowReport.Counts counts = report.counts(unit.id(), since);
        audit.record(Audit.Entry.done("shadow_report.read", "org_unit", id, null));
        return new Report(
                code(unit.phase()),
                since,
                counts.wouldGo(),
                counts.waiting(),
                counts.lines().stream()
                        .map(line -> new Line(line.journey(), line.template(), line.outcome(), line.count()))
                        .toList(),
                counts.days().stream()
                        .map(day -> new Day(day.day(), day.count()))
                        .toList(),
                tasks.shadows(id, since).entrySet().stream()
                        .map(each -> new TaskCount(each.getKey(), each.getValue()))
                        .toList());
    }

    @GetMapping("/{id}/shadow-report/messages")
    @Operation(summary = "The messages themselves: to whom, when, in which words, and why; the latest first")
    @Transactional
    Messages messages(
            @PathVariable UUID id,
            @RequestParam(defaultValue = "7") int days,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(required = false) @Nullable Integer limit,
            @AuthenticationPrincipal Caller caller) {
        OrgUnit unit = find(id, caller);
        int most = limit == null ? PAGE : limit;
        if (most < 1 || most > MOST) {
            throw new Invalid("limit", "limit is between 1 and " + MOST + ".");
        }
        List<ShadowReport.Message> found = report.messages(unit.id(), since(days), after, most);
        found.stream()
                .map(ShadowReport.Message::patient)
                .distinct()
                .forEach(patient -> audit.record(Audit.Entry.done("shadow_report.messages", "org_unit", id, patient)));
        return new Messages(
                found.stream().map(this::message).toList(),
                found.size() == most ? found.getLast().id().toString() : null);
    }

    private Message message(ShadowReport.Message message) {
        return new Message(
                message.id(),
                message.patient(),
                people.name(message.patient()).map(People.Name::name).orElse(""),
                message.at(),
                message.journey(),
                message.template(),
                message.locale(),
                message.text(),
                message.reason(),
                message.why());
    }

    private Instant since(int days) {
        if (days < 1 || days > MOST_DAYS) {
            throw new Invalid("days", "days is between 1 and " + MOST_DAYS + ".");
        }
        return clock.instant().minus(Duration.ofDays(days));
    }

    private static OrgUnit.Phase phase(@Nullable String code) {
        return Arrays.stream(OrgUnit.Phase.values())
                .filter(phase -> code(phase).equals(code))
                .findFirst()
                .orElseThrow(() -> new Invalid(
                        "phase",
                        "phase is one of "
                                + Arrays.stream(OrgUnit.Phase.values())
                                        .map(UnitsController::code)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    private static String code(OrgUnit.Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private boolean isBelow(OrgUnit unit, Caller caller) {
        return unit.path()
                .startsWith(organization.find(caller.unit()).map(OrgUnit::path).orElse("/nowhere/"));
    }

    private OrgUnit find(UUID id, Caller caller) {
        return organization
                .find(new OrgUnitId(id))
                .filter(unit -> isBelow(unit, caller))
                .orElseThrow(() -> new NotFound("org_unit", id));
    }

    private Unit shown(OrgUnit unit) {
        OrgUnitId parent = unit.parent();
        return new Unit(
                unit.id().value(),
                parent == null ? null : parent.value(),
                unit.kind().name().toLowerCase(Locale.ROOT),
                unit.name(),
                unit.path(),
                unit.zone().getId(),
                code(unit.phase()),
                coverage.isCovered(unit.id()));
    }
}
