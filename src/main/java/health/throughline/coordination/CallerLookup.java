package health.throughline.coordination;

import health.throughline.access.Invalid;
import health.throughline.audit.Audit;
import health.throughline.care.Appointment;
import health.throughline.care.Appointments;
import health.throughline.conversation.Talk;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.Numbers;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Who is calling: by number, or by name and date of birth, over keyed hashes; with what is open for each. Every look-up is audited. */
@RestController
class CallerLookup {

    private static final int MOST = 20;
    private static final int NEXT_VISITS = 3;
    private static final int LONGEST = 100;

    private final Patients patients;
    private final Numbers numbers;
    private final Appointments appointments;
    private final Organization organization;
    private final JdbcTasks tasks;
    private final JdbcThreads threads;
    private final Talk talk;
    private final Audit audit;
    private final Clock clock;

    CallerLookup(
            Patients patients,
            Numbers numbers,
            Appointments appointments,
            Organization organization,
            JdbcTasks tasks,
            JdbcThreads threads,
            Talk talk,
            Audit audit,
            Clock clock) {
        this.patients = patients;
        this.numbers = numbers;
        this.appointments = appointments;
        this.organization = organization;
        this.tasks = tasks;
        this.threads = threads;
        this.talk = talk;
        this.audit = audit;
        this.clock = clock;
    }

    @Schema(name = "ComingVisit")
    record Coming(
            UUID id,
            Instant startAt,
            String zone,
            String department,
            String status,
            @Nullable String answer) {}

    @Schema(name = "Candidate")
    record Candidate(
            People.Card patient,
            List<Coming> visits,
            List<ConversationsController.OpenTask> tasks,
            @Nullable String takenBy,
            @Nullable String calledBy) {}

    /** @param more there are others: more words find fewer */
    @Schema(name = "Candidates")
    record Candidates(List<Candidate> items, boolean more) {}

    @GetMapping("/api/v1/patients/lookup")
    @Transactional
    Candidates find(
            @RequestParam(required = false) @Nullable String phone,
            @RequestParam(required = false) @Nullable String name,
            @RequestParam(required = false) @Nullable String birthDate) {
        String number = phone == null ? "" : phone.strip();
        boolean byPhone = !number.isEmpty();
        List<PatientProfile> found = byPhone ? byPhone(number) : byName(name, birthDate);
        audit.record(Audit.Entry.done("patient.lookup", "patient", byPhone ? "by-phone" : "by-name", null)
                .with("count", String.valueOf(found.size())));
        List<PatientProfile> shown = found.stream().limit(MOST).toList();
        shown.forEach(patient -> audit.record(Audit.Entry.done(
                "patient.find", "patient", patient.id(), patient.id().value())));
        return new Candidates(shown.stream().map(this::candidate).toList(), found.size() > MOST);
    }

    private List<PatientProfile> byPhone(String phone) {
        try {
            return numbers.reachedBy(phone).stream()
                    .limit(MOST + 1L)
                    .flatMap(id -> patients.find(id).stream())
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new Invalid("phone", "This " + e.getMessage());
        }
    }

    private List<PatientProfile> byName(@Nullable String name, @Nullable String birthDate) {
        String words = name == null ? "" : name.strip();
        if (words.length() > LONGEST) {
            throw new Invalid("name", "Keep it to " + LONGEST + " characters");
        }
        String born = birthDate == null || birthDate.isBlank() ? "" : date(birthDate.strip());
        String wanted = (words + " " + born).strip();
        if (wanted.isEmpty()) {
            throw new Invalid("phone", "Say who calls: phone, or name, birthDate or both");
        }
        return patients.search(wanted, Optional.empty(), MOST + 1);
    }

    private static String date(String text) {
        try {
            return LocalDate.parse(text).toString();
        } catch (DateTimeParseException e) {
            throw new Invalid("birthDate", "Write the date of birth as 1957-03-02");
        }
    }

    private Candidate candidate(PatientProfile patient) {
        Instant now = clock.instant();
        UUID id = patient.id().value();
        List<Coming> visits = appointments.of(patient.id()).stream()
                .filter(visit -> visit.startAt() != null && visit.startAt().isAfter(now))
                .filter(visit ->
                        visit.status() == Appointment.Status.BOOKED || visit.status() == Appointment.Status.PENDING)
                .sorted(Comparator.comparing(CallerLookup::start))
                .limit(NEXT_VISITS)
                .map(this::coming)
                .toList();
        return new Candidate(
                People.card(patient),
                visits,
                tasks.ofPatient(id).stream()
                        .filter(JdbcTasks.Task::isOpen)
                        .map(task -> new ConversationsController.OpenTask(
                                task.id(), task.title(), task.assignee(), task.dueAt()))
                        .toList(),
                talk.takenOver(patient.id()).map(Talk.Takeover::by).orElse(null),
                threads.calledBy(id, now));
    }

    private static Instant start(Appointment visit) {
        return java.util.Objects.requireNonNull(visit.startAt());
    }

    private Coming coming(Appointment visit) {
        return new Coming(
                visit.id().value(),
                start(visit),
                visit.zone().getId(),
                organization.find(visit.orgUnit()).map(OrgUnit::name).orElse(""),
                visit.status().code(),
                visit.answer() == null ? null : visit.answer().code());
    }
}
