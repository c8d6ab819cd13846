package health.throughline.coordination;

import health.throughline.care.Appointments;
import health.throughline.care.EhrAnswered;
import health.throughline.conversation.DirectMessageFailed;
import health.throughline.conversation.MessageFailed;
import health.throughline.conversation.OneTimeCodes;
import health.throughline.conversation.ReplyNeedsPerson;
import health.throughline.conversation.SpendingReached;
import health.throughline.conversation.Talk;
import health.throughline.conversation.UnknownOutcome;
import health.throughline.conversation.UnknownSenders;
import health.throughline.journey.EhrDisagrees;
import health.throughline.journey.JourneyStuck;
import health.throughline.journey.SaidInVain;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Makes a task of whatever the product cannot settle by itself, in the transaction that found it out. */
@Component
class PersonTasks {

    private static final String ROOT = "/all/";
    private static final Duration AT_ONCE = Duration.ofMinutes(5);
    private static final String SOURCE_SILENT = "source-silent";
    private static final String SPENDING = "spending";

    /** More of the same came, to be read with the first. */
    static final String JOINED = "joined";

    private static final int MOST_JOINED_TOLD = 20;
    private static final DateTimeFormatter SINCE =
            DateTimeFormatter.ofPattern("d MMMM, HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final Duration SOON = Duration.ofHours(2);

    private final JdbcTasks tasks;
    private final Talk talk;
    private final Appointments appointments;
    private final Reasons reasons;
    private final Organization organization;
    private final Pager pager;
    private final Coverage coverage;
    private final Clock clock;

    PersonTasks(
            JdbcTasks tasks,
            Talk talk,
            Appointments appointments,
            Reasons reasons,
            Organization organization,
            Pager pager,
            Coverage coverage,
            Clock clock) {
        this.appointments = appointments;
        this.reasons = reasons;
        this.tasks = tasks;
        this.talk = talk;
        this.pager = pager;
        this.coverage = coverage;
        this.organization = organization;
        this.clock = clock;
    }

    /** The cause of the one task that keeps a patient's words to whoever took the conversation over from being forgotten. */
    static String talkOf(UUID patient) {
        return "talk:" + patient;
    }

    @EventListener
    void on(ReplyNeedsPerson reply) {
        UUID patient = reply.patient();
        if (reply.reason().equals(ReplyNeedsPerson.TAKEN_OVER) && patient != null) {
            forWhoTalks(reply, patient);
            return;
        }
        if (reply.urgent() && patient == null && pager.callsAlready(reply.inbound())) {
            return;
        }
        String cause =
                reply.mayBeOneOfMany() ? manyOf(reply.reason(), reply.from(), patient) : "inbound:" + reply.inbound();
        Optional<UUID> task = create(
                reply.orgUnit(),
                reply.patient(),
                reply.journeyInstance(),
                reply.sentence(),
                reply.reason(),
                Map.of("inbound", reply.inbound().toString(), "meaning", reply.meaning()),
                reply.language(),
                reply.urgent() ? AT_ONCE : SOON,
                cause);
        if (reply.urgent()) {
            task.ifPresent(pager::begin);
        }
        if (task.isEmpty() && reply.mayBeOneOfMany()) {
            joins(cause, reply);
        }
    }

    /** The cause of the one open task about what comes under an address that nothing proves, or that machines may write from. */
    private static String manyOf(String reason, AddressId from, @Nullable UUID patient) {
        return reason + ":" + from.value() + ":" + (patient == null ? "unknown" : patient);
    }

    /** What came stands in the conversation; the task tells that there is more, up to a bound. */
    private void joins(String cause, ReplyNeedsPerson reply) {
        tasks.openOfCause(cause)
                .filter(task -> tasks.happenings(task.id()).stream()
                                .filter(event -> event.kind().equals(JOINED))
                                .count()
                        < MOST_JOINED_TOLD)
                .ifPresent(task -> tasks.noted(
                        task.id(),
                        JOINED,
                        Map.of("inbound", reply.inbound().toString(), "because", reply.sentence()),
                        clock.instant()));
    }

    /** One task however much the patient writes, held by the person who talks with them; their answer closes it. */
    private void forWhoTalks(ReplyNeedsPerson reply, UUID patient) {
        create(
                reply.orgUnit(),
                patient,
                null,
                reply.sentence(),
                reply.reason(),
                Map.of("inbound", reply.inbound().toString(), "meaning", reply.meaning()),
                reply.language(),
                SOON,
                talkOf(patient));
        talk.takenOver(new PatientId(patient))
                .ifPresent(takeover -> tasks.openOfCause(talkOf(patient))
                        .filter(task -> task.assignee() == null)
                        .ifPresent(task -> tasks.assign(task, takeover.by(), takeover.by(), clock.instant())));
    }

    @EventListener
    void on(UnknownSenders.Settled settled) {
        for (UUID inbound : settled.inbounds()) {
            tasks.openOfCause("inbound:" + inbound)
                    .ifPresent(task -> tasks.close(task, "cancelled", settled.how(), settled.by(), clock.instant()));
        }
        for (String reason : List.of(ReplyNeedsPerson.UNPROVEN_SENDER, ReplyNeedsPerson.MAY_BE_AUTOMATIC)) {
            tasks.openOfCause(manyOf(reason, settled.sender(), null))
                    .ifPresent(task -> tasks.close(task, "cancelled", settled.how(), settled.by(), clock.instant()));
        }
    }

    @EventListener
    void on(UnknownOutcome unknown) {
        create(
                unknown.orgUnit(),
                unknown.patient(),
                unknown.journeyInstance(),
                unknown.sentence(),
                "unknown-outcome",
                Map.of("message", unknown.message().toString()),
                null,
                SOON,
                outcomeOf(unknown.message()));
    }

    /** The cause of the one task about a message of which it is not known that it arrived, or known that it did not. */
    private static String outcomeOf(UUID message) {
        return "unknown:" + message;
    }

    /** What a person wrote, or we asked on nobody's behalf, reached nobody. */
    @EventListener
    void on(DirectMessageFailed failed) {
        String reason = Reasons.ofUndelivered(failed.intent());
        if (reason == null) {
            return;
        }
        create(
                failed.orgUnit(),
                failed.patient(),
                null,
                Reasons.undelivered(reason, failed),
                reason,
                Map.of("message", failed.message().toString(), "because", failed.reason()),
                null,
                SOON,
                outcomeOf(failed.message()));
    }

    /** Somebody guesses, or the patient cannot get in: either way a person calls. One task a day. */
    @EventListener
    void on(OneTimeCodes.Guessed guessed) {
        create(
                guessed.orgUnit().value(),
                guessed.patient().value(),
                null,
                guessed.wrong() + " wrong codes on the patient's pages within a day: no more codes go until it is over",
                "codes-guessed",
                Map.of("wrong", guessed.wrong()),
                null,
                SOON,
                "codes-guessed:" + guessed.patient() + ":" + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    }

    @EventListener
    void on(SaidInVain said) {
        MessageFailed failed = said.failed();
        create(
                failed.orgUnit(),
                failed.patient(),
                failed.journeyInstance(),
                "A message about their care did not reach the patient, and no journey says it again: "
                        + failed.sentence(),
                "said-in-vain",
                Map.of("message", failed.message().toString(), "because", failed.reason()),
                null,
                SOON,
                outcomeOf(failed.message()));
    }

    @EventListener
    void on(EhrDisagrees disagrees) {
        EhrAnswered said = disagrees.said();
        String reason = said.result() == EhrAnswered.Result.UNANSWERED ? "ehr-silent" : "ehr-refused";
        create(
                said.orgUnit().value(),
                said.patient().value(),
                said.journeyInstance(),
                reasons.title(reason, 0, appointments.find(said.appointment()).orElse(null), null),
                reason,
                Map.of("answer", said.answer().code()),
                null,
                SOON,
                "ehr:" + said.write());
    }

    @EventListener
    void on(JourneyStuck stuck) {
        create(
                stuck.orgUnit(),
                stuck.patient(),
                stuck.journeyInstance(),
                "A journey cannot go on by itself",
                "stuck",
                Map.of("step", stuck.activity()),
                null,
                SOON,
                "stuck:" + stuck.journeyInstance() + ":" + stuck.activity());
    }

    /** Something about the patient may have reached somebody it was not for. */
    void privacy(PatientProfile patient, int disclosures, String cause) {
        create(
                patient.orgUnit().value(),
                patient.id().value(),
                null,
                disclosures == 0
                        ? "Record frozen: find out whose it is"
                        : "Record frozen: find out whose it is, and who got its "
                                + (disclosures == 1 ? "message" : disclosures + " messages"),
                "privacy",
                Map.of("disclosures", disclosures),
                null,
                SOON,
                cause);
    }

    /** Nothing is sent to whom the record calls dead, until a person has settled that they live. */
    void livesAfterAll(PatientProfile patient) {
        create(
                patient.orgUnit().value(),
                patient.id().value(),
                null,
                "The EHR no longer says that the patient has died: nothing is sent until somebody settles it",
                "death-retracted",
                Map.of(),
                null,
                SOON,
                "death-retracted:" + patient.id());
    }

    /** The source of visits has gone silent; one task for each silence. */
    void silent(String source, Instant since) {
        create(
                null,
                null,
                null,
                "Nothing heard from " + source + " since " + SINCE.format(since) + " UTC: reminders of its visits wait",
                SOURCE_SILENT,
                Map.of("source", source, "since", since.toString()),
                null,
                AT_ONCE,
                SOURCE_SILENT + ":" + source);
    }

    /** A unit's budget of the month is nearly, or quite, used up; one task for each. */
    @EventListener
    void on(SpendingReached reached) {
        create(
                reached.unit(),
                null,
                null,
                reached.percent() < 100
                        ? reached.percent() + " % of this month's budget for messages is spent"
                        : "This month's budget for messages is spent: billing and marketing wait; care goes on",
                SPENDING,
                Map.of(
                        "percent",
                        String.valueOf(reached.percent()),
                        "month",
                        reached.month().toString()),
                null,
                SOON,
                SPENDING + ":" + reached.unit() + ":" + reached.month() + ":" + reached.percent());
    }

    /** Ends the tasks about sources that speak again. */
    void heardBut(List<String> silent) {
        tasks.openForReason(SOURCE_SILENT).stream()
                .filter(task -> !silent.contains(String.valueOf(task.facts().get("source"))))
                .forEach(task -> tasks.close(task, "cancelled", "heard-again", "throughline", clock.instant()));
    }

    /** What a patient said in a call whose task was closed meanwhile. */
    void saidOnThePhone(JdbcTasks.Task task, UUID call, boolean cancel) {
        create(
                task.orgUnit(),
                task.patient(),
                task.journeyInstance(),
                (cancel ? "Wants to cancel" : "Wants another time")
                        + ", said on the phone while the visit's task closed",
                cancel ? "asks-to-cancel" : "asks-to-move",
                Map.of("call", call.toString()),
                task.language(),
                SOON,
                "call:" + call);
    }

    private Optional<UUID> create(
            @Nullable UUID orgUnit,
            @Nullable UUID patient,
            @Nullable UUID journey,
            String title,
            String reason,
            Map<String, Object> facts,
            @Nullable String language,
            Duration within,
            String cause) {
        Instant now = clock.instant();
        UUID unit = orgUnit != null
                ? orgUnit
                : organization.findByPath(ROOT).orElseThrow().id().value();
        return tasks.insert(
                new JdbcTasks.NewTask(
                        unit,
                        patient,
                        journey,
                        null,
                        null,
                        title,
                        reason,
                        facts,
                        Reasons.priority(reason),
                        language,
                        // who may be in danger waits by the clock, everybody else by the queue's working time
                        within.equals(AT_ONCE) ? now.plus(within) : coverage.after(new OrgUnitId(unit), now, within),
                        null,
                        TaskForms.FOLLOW_UP,
                        cause),
                now);
    }
}
