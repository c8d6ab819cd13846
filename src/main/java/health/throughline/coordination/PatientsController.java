package health.throughline.coordination;

import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Patients and their timelines over HTTP. Every read is audited. */
@RestController
@RequestMapping("/api/v1/patients")
class PatientsController {

    private final Patients patients;
    private final People people;
    private final Timeline timeline;
    private final Audit audit;

    PatientsController(Patients patients, People people, Timeline timeline, Audit audit) {
        this.patients = patients;
        this.people = people;
        this.timeline = timeline;
        this.audit = audit;
    }

    @Schema(name = "PatientPage")
    record Page(List<People.Summary> items, @Nullable String next) {}

    @GetMapping
    @Transactional
    Page find(
            @RequestParam(required = false) @Nullable String identifier,
            @RequestParam(required = false) @Nullable String q,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(required = false) @Nullable Integer limit) {
        int size = Worklist.limit(limit);
        List<PatientProfile> found;
        if (identifier != null) {
            int bar = identifier.indexOf('|');
            if (bar < 1 || bar == identifier.length() - 1) {
                throw new Invalid(
                        "identifier", "Write it as system|value, for example https://ehr.example/mrn|MV-1001");
            }
            found = patients
                    .findByIdentifier(identifier.substring(0, bar), identifier.substring(bar + 1))
                    .flatMap(patients::find)
                    .stream()
                    .toList();
        } else if (q != null && !q.isBlank()) {
            found = patients.search(q.strip(), Optional.ofNullable(after), size);
        } else {
            throw new Invalid("q", "Say whom to look for: q with a name or a date of birth, or identifier");
        }
        for (PatientProfile patient : found) {
            audit.record(Audit.Entry.done(
                    "patient.find", "patient", patient.id(), patient.id().value()));
        }
        boolean more = identifier == null && found.size() == size;
        return new Page(
                found.stream().map(People::summary).toList(),
                more ? found.getLast().id().toString() : null);
    }

    @GetMapping("/{id}")
    @Transactional
    People.Card read(@PathVariable UUID id) {
        PatientProfile patient = people.profile(id).orElseThrow(() -> new NotFound("patient", id));
        audit.record(Audit.Entry.done("patient.read", "patient", id, id));
        return People.card(patient);
    }

    @GetMapping("/{id}/timeline")
    @Transactional
    Timeline.Page timeline(
            @PathVariable UUID id,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Integer limit) {
        PatientProfile patient = people.profile(id).orElseThrow(() -> new NotFound("patient", id));
        audit.record(Audit.Entry.done("patient.timeline", "patient", id, id));
        return timeline.of(patient, cursor(after), Worklist.limit(limit));
    }

    private static @Nullable Instant cursor(@Nullable String after) {
        try {
            return after == null ? null : Instant.parse(after);
        } catch (DateTimeParseException e) {
            throw new Invalid("after", "Give back what the former page named as next");
        }
    }
}
