package health.throughline.coordination;

import health.throughline.care.AppointmentHistory;
import health.throughline.consent.ConsentLedger;
import health.throughline.conversation.ConversationHistory;
import health.throughline.journey.JourneyHistory;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientProfile;
import io.swagger.v3.oas.annotations.media.Schema;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Everything that happened with a patient and everything that is planned, in one order, each with its why. */
@Component
class Timeline {

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("EEE d MMM, HH:mm", Locale.ENGLISH);

    private final ConversationHistory conversation;
    private final AppointmentHistory appointments;
    private final JourneyHistory journeys;
    private final ConsentLedger ledger;
    private final JdbcTasks tasks;
    private final Organization organization;
    private final Clock clock;

    Timeline(
            ConversationHistory conversation,
            AppointmentHistory appointments,
            JourneyHistory journeys,
            ConsentLedger ledger,
            JdbcTasks tasks,
            Organization organization,
            Clock clock) {
        this.conversation = conversation;
        this.appointments = appointments;
        this.journeys = journeys;
        this.ledger = ledger;
        this.tasks = tasks;
        this.organization = organization;
        this.clock = clock;
    }

    @Schema(name = "Author")
    record By(String kind, String name) {}

    @Schema(name = "TimelineEntry")
    record Entry(
            UUID id,
            Instant at,
            String kind,
            By by,
            @Nullable String channel,
            @Nullable String text,
            @Nullable String state,
            String title,
            @Nullable String why,
            boolean planned,
            @Nullable String journeyInstance,
            Map<String, Object> details) {}

    @Schema(name = "TimelinePage")
    record Page(List<Entry> items, @Nullable String next) {}

    /** @param after the moment of the last entry of the former page */
    Page of(PatientProfile patient, @Nullable Instant after, int limit) {
        Instant before = after == null ? clock.instant().plus(Duration.ofDays(3650)) : after;
        List<Entry> entries = new ArrayList<>();
        List<JourneyHistory.Way> ways = journeys.of(patient.id().value());
        Map<String, String> titles = ways.stream()
                .collect(Collectors.toMap(JourneyHistory.Way::journey, JourneyHistory.Way::title, (one, other) -> one));
        conversation.of(patient.id(), before, limit).forEach(said -> entries.add(said(said, titles)));
        appointments.of(patient.id(), before, limit).forEach(happening -> entries.add(visit(happening, titles)));
        ways.forEach(way -> journey(way, entries));
        ledger.history(patient.party()).forEach(statement -> entries.add(consent(statement)));
        for (JdbcTasks.Task task : tasks.ofPatient(patient.id().value())) {
            entries.add(task(task, ways));
            if (task.reason().equals("red-flag")) {
                tasks.happenings(task.id()).stream()
                        .map(happening -> calling(task, happening))
                        .flatMap(Optional::stream)
                        .forEach(entries::add);
            }
        }
        List<Entry> page = entries.stream()
                .filter(entry -> entry.at().isBefore(before) || (after == null && entry.planned()))
                .sorted(Comparator.comparing(Entry::planned)
                        .reversed()
                        .thenComparing(Entry::at, Comparator.reverseOrder()))
                .limit(limit)
                .toList();
        return new Page(page, page.size() == limit ? page.getLast().at().toString() : null);
    }

    private static Entry said(ConversationHistory.Entry said, Map<String, String> titles) {
        String title = said.fromPatient()
                ? "Patient wrote"
                        + (said.meaning() == null ? "" : " (" + said.meaning().replace('-', ' ') + ")")
                : title(String.valueOf(said.template()));
        return new Entry(
                said.id(),
                said.at(),
                said.fromPatient() ? "reply" : "message",
                new By(said.authorKind(), titles.getOrDefault(said.author(), said.author())),
                said.channel(),
                said.text(),
                said.state(),
                title,
                said.why(),
                said.planned(),
                said.journeyInstance() == null ? null : said.journeyInstance().toString(),
                Map.of());
    }

    private static String title(String template) {
        return switch (template) {
            case "appointment-reminder" -> "Reminder of the visit";
            case "visit-confirmed" -> "Thanks for confirming";
            case "change-requested" -> "Request passed on";
            case "red-flag-answer" -> "Told at once what to do in danger";
            default -> "Message";
        };
    }

    private Entry visit(AppointmentHistory.Happening happening, Map<String, String> titles) {
        LocalDateTime start = happening.startLocal();
        String when = start == null ? "" : " for " + DAY_AND_TIME.format(start);
        String where = happening.location() == null
                ? ""
                : organization
                        .find(new OrgUnitId(happening.location()))
                        .map(OrgUnit::name)
                        .map(name -> ", " + name)
                        .orElse("");
        boolean answered = happening.kind().equals("answered");
        String title = switch (happening.kind()) {
            case "booked" -> "Visit booked" + when + where;
            case "moved" -> "Visit moved: now" + when.replace(" for", "") + where;
            case "cancelled" -> "Visit cancelled" + when;
            case "arrived" -> "Patient arrived";
            case "ended" -> "Visit ended";
            case "no_show" -> "Patient did not come";
            case "removed" -> "Visit entered in error, removed";
            case "answered" ->
                "Answer taken down: " + String.valueOf(happening.answer()).replace('-', ' ');
            default -> "Visit changed" + when + where;
        };
        return new Entry(
                happening.id(),
                happening.at(),
                "appointment",
                answered
                        ? new By("journey", titles.getOrDefault("pre-visit", "Before the visit"))
                        : new By("ehr", happening.source()),
                null,
                null,
                null,
                title,
                null,
                false,
                null,
                Map.of("appointment", happening.appointment().toString(), "zone", happening.zone()));
    }

    private static void journey(JourneyHistory.Way way, List<Entry> entries) {
        String id = way.id().toString();
        entries.add(new Entry(
                way.id(),
                way.startedAt(),
                "journey",
                new By("journey", way.title()),
                null,
                null,
                way.state(),
                "Journey “" + way.title() + "” began",
                "Started by " + (way.startedBy().equals("ehr") ? "the booking" : way.startedBy()),
                false,
                id,
                Map.of()));
        if (way.endedAt() != null) {
            entries.add(new Entry(
                    UUID.nameUUIDFromBytes((id + "end").getBytes(StandardCharsets.UTF_8)),
                    way.endedAt(),
                    "journey",
                    new By("journey", way.title()),
                    null,
                    null,
                    way.state(),
                    "Journey “" + way.title() + "” " + (way.state().equals("withdrawn") ? "was withdrawn" : "ended"),
                    ending(way.outcome()),
                    false,
                    id,
                    Map.of()));
        }
    }

    private static @Nullable String ending(@Nullable String outcome) {
        return switch (outcome == null ? "" : outcome) {
            case "Confirmed" -> "The patient confirmed";
            case "Settled" -> "A coordinator settled it";
            case "TooLate" -> "The visit was too near for a reminder";
            case "VisitTime" -> "The time of the visit came";
            case "visit-cancelled" -> "The visit was cancelled";
            case "visit-moved" -> "The visit was moved";
            case "patient-died" -> "The patient died";
            case "visit-begun", "visit-arrived" -> "The visit began";
            case "" -> null;
            default -> String.valueOf(outcome).replace('-', ' ');
        };
    }

    private static Entry consent(ConsentLedger.Entry statement) {
        boolean grant = statement.action().equals("grant");
        String about = statement.purpose().equals("*") ? "all messages" : statement.purpose() + " messages";
        return new Entry(
                UUID.nameUUIDFromBytes((statement.saidAt() + statement.action() + statement.purpose())
                        .getBytes(StandardCharsets.UTF_8)),
                statement.saidAt(),
                "consent",
                new By("patient", ""),
                null,
                null,
                statement.action(),
                (grant ? "Agreed to " : "Refused ") + about + (statement.wholeAddress() ? " to this number" : ""),
                "Told by " + statement.how().replace('-', ' '),
                false,
                null,
                Map.of());
    }

    /** Who was called about it and who took it. */
    private static Optional<Entry> calling(JdbcTasks.Task task, JdbcTasks.Happening happening) {
        String who = String.valueOf(happening.detail().getOrDefault("who", happening.actor()));
        String title = switch (happening.kind()) {
            case "paged" -> "On call: " + who + " was paged";
            case "page-failed" -> "On call: the page to " + who + " did not arrive";
            case "acknowledged" -> "On call: " + who + " answered";
            case "claimed" -> happening.actor() + " took the task";
            case "chain-ended" -> "On call: nobody answered twice";
            case "no-on-call" -> "Nobody is on call for this unit";
            case "safety-failed" -> "The automatic answer did not arrive";
            default -> "";
        };
        if (title.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Entry(
                UUID.nameUUIDFromBytes(
                        (task.id() + happening.kind() + happening.at() + who).getBytes(StandardCharsets.UTF_8)),
                happening.at(),
                "task",
                new By("system", "On call"),
                null,
                null,
                null,
                title,
                null,
                false,
                null,
                Map.of("task", task.id().toString())));
    }

    private static Entry task(JdbcTasks.Task task, List<JourneyHistory.Way> ways) {
        String author = ways.stream()
                .filter(way -> way.id().equals(task.journeyInstance()))
                .map(JourneyHistory.Way::title)
                .findFirst()
                .orElse("Conversation");
        return new Entry(
                task.id(),
                task.createdAt(),
                "task",
                new By("journey", author),
                null,
                null,
                task.state(),
                task.title(),
                task.outcome() == null ? null : "Outcome: " + task.outcome().replace('_', ' '),
                false,
                task.journeyInstance() == null ? null : task.journeyInstance().toString(),
                Map.of("task", task.id().toString()));
    }
}
