package health.throughline.coordination;

import health.throughline.TimeOrderedId;
import health.throughline.access.Caller;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.access.Staff;
import health.throughline.audit.Audit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Who is away, and since when: what they had taken goes back to its queue as their absence begins. */
@RestController
@RequestMapping("/api/v1/absences")
@Tag(name = "Absences")
class AbsencesController {

    private static final Duration LONGEST = Duration.ofDays(366);

    private final JdbcAbsences absences;
    private final Staff staff;
    private final Audit audit;
    private final Clock clock;

    AbsencesController(JdbcAbsences absences, Staff staff, Audit audit, Clock clock) {
        this.absences = absences;
        this.staff = staff;
        this.audit = audit;
        this.clock = clock;
    }

    @Schema(name = "NewAbsence")
    record NewAbsence(
            @Nullable String username,
            @Nullable Instant from,
            @Nullable Instant until) {}

    @Schema(name = "Absence")
    record Absence(
            UUID id, String username, String displayName, Instant from, Instant until, String enteredBy, boolean now) {}

    @Schema(name = "AbsenceList")
    record Absences(List<Absence> items) {}

    @GetMapping
    @Operation(summary = "Who is away now or will be")
    @Transactional
    Absences list() {
        return new Absences(
                absences.notOver(clock.instant()).stream().map(this::shown).toList());
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Mark somebody away; their tasks go back to the queues when it begins")
    @Transactional
    Absence enter(@RequestBody NewAbsence wanted, @AuthenticationPrincipal Caller caller) {
        String username = wanted.username();
        UUID unit = username == null ? null : absences.unitOf(username).orElse(null);
        if (username == null || unit == null || !staff.mayWork(username)) {
            throw new Invalid("username", "username is no user of yours who may work.");
        }
        Instant now = clock.instant();
        Instant from = wanted.from() == null ? now : wanted.from();
        Instant until = wanted.until();
        if (until == null || !until.isAfter(from) || !until.isAfter(now)) {
            throw new Invalid("until", "until is missing, or not after the beginning and after now.");
        }
        if (Duration.between(from, until).compareTo(LONGEST) > 0) {
            throw new Invalid("until", "An absence is at most a year; disable the user for good instead.");
        }
        UUID id = TimeOrderedId.next();
        absences.insert(id, username, unit, from, until, caller.getName(), now);
        audit.record(
                Audit.Entry.done("absence.enter", "staff_absence", id, null).with("user", username));
        return absences.find(id).map(this::shown).orElseThrow();
    }

    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "They are back, or never went")
    @Transactional
    void cancel(@PathVariable UUID id, @AuthenticationPrincipal Caller caller) {
        if (!absences.cancel(id, caller.getName(), clock.instant())) {
            throw new NotFound("staff_absence", id);
        }
        audit.record(Audit.Entry.done("absence.cancel", "staff_absence", id, null));
    }

    private Absence shown(JdbcAbsences.Stored stored) {
        Instant now = clock.instant();
        return new Absence(
                stored.id(),
                stored.username(),
                stored.displayName(),
                stored.from(),
                stored.until(),
                stored.enteredBy(),
                !stored.from().isAfter(now) && stored.until().isAfter(now));
    }
}
