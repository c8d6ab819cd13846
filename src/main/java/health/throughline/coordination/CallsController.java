package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.coordination.JdbcCalls.Call;
import health.throughline.coordination.JdbcTasks.Task;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientProfile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A coordinator's calls over HTTP. */
@RestController
class CallsController {

    private static final int LONGEST_NOTE = 2000;

    private final Calls calls;
    private final CallScripts scripts;
    private final Worklist worklist;
    private final People people;
    private final Appointments appointments;
    private final Organization organization;
    private final Audit audit;

    CallsController(
            Calls calls,
            CallScripts scripts,
            Worklist worklist,
            People people,
            Appointments appointments,
            Organization organization,
            Audit audit) {
        this.calls = calls;
        this.scripts = scripts;
        this.worklist = worklist;
        this.people = people;
        this.appointments = appointments;
        this.organization = organization;
        this.audit = audit;
    }

    @Schema(name = "CallLine")
    record Line(String part, String text, @Nullable String english) {}

    @Schema(name = "CallOutcome")
    record Outcome(String code, String key, String label) {}

    /** @param scriptLanguage of the lines; English where there are none in the patient's, and an interpreter is needed */
    @Schema(name = "Call")
    record View(
            UUID id,
            @Nullable UUID task,
            People.Name patient,
            String by,
            Instant openedAt,
            Instant endsAt,
            @Nullable String outcome,
            List<People.Phone> numbers,
            String scriptLanguage,
            boolean interpreterNeeded,
            @Nullable String warning,
            List<Line> script,
            List<Outcome> outcomes) {}

    /** @param number which was called, where the number was wrong */
    @Schema(name = "CallEnd")
    record End(
            @Nullable String outcome,
            @Nullable String note,
            @Nullable String number) {}

    /** @param task what became of it: completed, stays, comes-back or was-closed */
    @Schema(name = "CallEnded")
    record Ended(String task, String sentence, int seconds) {}

    @PostMapping("/api/v1/tasks/{id}/call")
    @Transactional
    View open(@PathVariable UUID id, @AuthenticationPrincipal Caller caller) {
        return view(calls.open(id, caller));
    }

    @GetMapping("/api/v1/calls/{id}")
    @Transactional
    View read(@PathVariable UUID id) {
        Call call = calls.find(id);
        audit.record(Audit.Entry.done("call.read", "call", id, call.patient()));
        return view(call);
    }

    @PostMapping("/api/v1/calls/{id}/outcome")
    @Transactional
    Ended end(@PathVariable UUID id, @RequestBody End end, @AuthenticationPrincipal Caller caller) {
        CallOutcome outcome = CallOutcome.ofCode(end.outcome())
                .orElseThrow(() -> new Invalid("outcome", "Say how the call ended, by one of the outcomes offered"));
        if (end.note() != null && end.note().length() > LONGEST_NOTE) {
            throw new Invalid("note", "Keep it to " + LONGEST_NOTE + " characters");
        }
        Calls.Ended ended = calls.end(id, outcome, end.note(), end.number(), caller);
        Integer seconds = ended.call().seconds();
        return new Ended(
                ended.then().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                ended.sentence(),
                seconds == null ? 0 : seconds);
    }

    private View view(Call call) {
        PatientProfile patient =
                people.profile(call.patient()).orElseThrow(() -> new NotFound("patient", call.patient()));
        Task task = call.task() == null ? null : worklist.find(call.task());
        Appointment visit = task == null || task.subject() == null
                ? null
                : appointments.find(new AppointmentId(task.subject())).orElse(null);
        OrgUnit unit = organization
                .find(task == null ? patient.orgUnit() : new OrgUnitId(task.orgUnit()))
                .orElseThrow();
        CallScripts.Script script = scripts.of(task == null ? "" : task.reason(), patient, visit, unit);
        return new View(
                call.id(),
                call.task(),
                new People.Name(patient.id().value(), People.fullName(patient)),
                call.by(),
                call.openedAt(),
                call.endsAt(),
                call.outcome(),
                People.card(patient).phones(),
                script.language(),
                patient.interpreterNeeded() || !script.inPatientsLanguage(),
                calls.warning(patient).orElse(null),
                script.lines().stream()
                        .map(line -> new Line(line.part(), line.text(), line.english()))
                        .toList(),
                calls.outcomes(task).stream()
                        .map(outcome -> new Outcome(outcome.code(), outcome.key(), outcome.label()))
                        .toList());
    }
}
