package health.throughline.coordination;

import health.throughline.care.AppointmentHistory;
import health.throughline.consent.ConsentLedger;
import health.throughline.conversation.ConversationHistory;
import health.throughline.conversation.Talk;
import health.throughline.journey.JourneyHistory;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.Identities;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
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
    private final Patients patients;
    private final Identities identities;
    private final Talk talk;
    private final JdbcCalls calls;
    private final AppointmentHistory appointments;
    private final JourneyHistory journeys;
    private final ConsentLedger ledger;
    private final JdbcTasks tasks;
    private final Organization organization;
    private final Clock clock;

    Timeline(
            ConversationHistory conversation,
            Patients patients,
            Identities identities,
            Talk talk,
            JdbcCalls calls,
            AppointmentHistory appointments,
            JourneyHistory journeys,
            ConsentLedger ledger,
            JdbcTasks tasks,
            Organization organization,
            Clock clock) {
        this.conversation = conversation;
        this.patients = patients;
        this.identities = identities;
        this.talk = talk;
        this.calls = calls;
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
            Map<String, Object> details,
            List<AttachmentsController.Shown> attachments) {

        Entry(
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
                Map<String, Object> details) {
            this(id, at, kind, by, channel, text, state, title, why, planned, journeyInstance, details, List.of());
        }
    }

    @Schema(name = "TimelinePage")
    record Page(List<Entry> items, @Nullable String next) {}

    /** @param after the moment of the last entry of the former page */
    Page of(PatientProfile patient, @Nullable Instant after, int limit) {
        Instant before = after == null ? clock.instant().plus(Duration.ofDays(3650)) : after;
        List<Entry> entries = new ArrayList<>();
        List<PatientId> records = identities.standsFor(patient.id());
        List<JourneyHistory.Way> ways = records.stream()
                .flatMap(record -> journeys.of(record.value()).stream())
                .toList();
        Map<String, String> titles = ways.stream()
                .collect(Collectors.toMap(JourneyHistory.Way::journey, JourneyHistory.Way::title, (one, other) -> one));
        for (PatientId record : records) {
            conversation.of(record, before, limit).forEach(said -> entries.add(said(said, titles)));
            talk.notes(record, before, limit).forEach(note -> entries.add(note(note)));
            calls.ofPatient(record.value(), before, limit).forEach(call -> entries.add(call(call)));
            appointments.of(record, before, limit).forEach(happening -> entries.add(visit(happening, titles)));
            ledger.history(patients.partyOf(record)).forEach(statement -> entries.add(consent(statement)));
            for (JdbcTasks.Task task : tasks.ofPatient(record.value())) {
                entries.add(task(task, ways));
                if (task.reason().equals("red-flag")) {
                    tasks.happenings(task.id()).stream()
                            .map(happening -> calling(task, happening))
                            .flatMap(Optional::stream)
                            .forEach(entries::add);
                }
            }
        }
        ways.forEach(way -> journey(way, entries));
        identities.history(patient.id()).forEach(happening -> identity(happening, patient.id(), entries));
        List<Entry> page = entries.stream()
                .filter(entry -> entry.at().isBefore(before) || (after == null && entry.planned()))
                .sorted(Comparator.comparing(Entry::planned)
                        .reversed()
                        .thenComparing(Entry::at, Comparator.reverseOrder()))
                .limit(limit)
                .toList();
        return new Page(page, page.size() == limit ? page.getLast().at().toString() : null);
    }

    private static Entry note(Talk.Note note) {
        return new Entry(
                note.id(),
                note.at(),
                "note",
                new By("person", note.author()),
                null,
                note.text(),
                null,
                "Note",
                null,
                false,
                null,
                Map.of());
    }

    private static Entry call(JdbcCalls.Call call) {
        String how = CallOutcome.ofCode(call.outcome())
                .map(CallOutcome::label)
                .orElse(call.outcome() == null ? "on the phone now" : "nobody said how it ended");
        Integer seconds = call.seconds();
        return new Entry(
                call.id(),
                call.openedAt(),
                "call",
                new By("person", call.by()),
                "voice",
                null,
                call.outcome() == null ? "open" : call.outcome(),
                "Called: " + how.substring(0, 1).toLowerCase(Locale.ROOT) + how.substring(1),
                seconds == null ? null : "Took " + seconds / 60 + " min " + seconds % 60 + " s",
                false,
                null,
                Map.of());
    }

    private static Entry said(ConversationHistory.Entry said, Map<String, String> titles) {
        String title = said.fromPatient()
                ? wrote(said)
                : said.authorKind().equals("person") ? "Text from a person" : title(String.valueOf(said.template()));
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
                said.tracked().isEmpty() ? Map.of() : Map.of("tracked", said.tracked()),
                said.attachments().stream().map(AttachmentsController.Shown::of).toList());
    }

    private static String wrote(ConversationHistory.Entry said) {
        if (said.text().isBlank() && !said.attachments().isEmpty()) {
            return "Patient sent a picture";
        }
        return "Patient wrote"
                + (said.meaning() == null ? "" : " (" + said.meaning().replace('-', ' ') + ")");
    }

    private static String title(String template) {
        return switch (template) {
            case "appointment-reminder" -> "Reminder of the visit";
            case "visit-confirmed" -> "Thanks for confirming";
            case "change-requested" -> "Request passed on";
            case "answer-passed-on" -> "Answer passed on to the clinic";
            case "visit-cancelled" -> "Cancellation told";
            case "red-flag-answer" -> "Told at once what to do in danger";
            case "one-time-code" -> "Code for their own page";
            case "visit-details" -> "Details of the visit";
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
            case "acknowledged" -> "The EHR took it: " + requested(happening.answer());
            case "refused" -> "The EHR did not take it: " + requested(happening.answer());
            case "unanswered" -> "The EHR gave no word on it: " + requested(happening.answer());
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

    private static String requested(@Nullable String answer) {
        return switch (answer == null ? "" : answer) {
            case "confirmed" -> "the patient comes";
            case "cancel-requested" -> "the visit is to be cancelled";
            case "move-requested" -> "the patient asks for another time";
            default -> "the patient's answer";
        };
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
            case "Cancelled" -> "The visit was cancelled, as the patient wished";
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

    private static void identity(Identities.Happening happening, PatientId patient, List<Entry> entries) {
        String title = switch (happening.kind()) {
            case "merged" -> "Another record of the same person was joined to this one";
            case "unmerged" -> "A record joined by mistake was taken apart again";
            case "disputed" -> "Record frozen: it may be somebody else's";
            case "settled" -> "Settled whose record this is";
            case "death-retracted" -> "The EHR no longer says that the patient has died";
            default -> "";
        };
        if (!title.isEmpty()) {
            entries.add(new Entry(
                    UUID.nameUUIDFromBytes(
                            (patient + happening.kind() + happening.at()).getBytes(StandardCharsets.UTF_8)),
                    happening.at(),
                    "identity",
                    new By("person", happening.actor().replaceFirst("^[a-z]+:", "")),
                    null,
                    null,
                    happening.kind(),
                    title,
                    happening.reason() == null
                            ? null
                            : "Reason: " + happening.reason().replace('-', ' '),
                    false,
                    null,
                    Map.of()));
        }
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
