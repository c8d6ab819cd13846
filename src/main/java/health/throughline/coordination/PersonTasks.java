package health.throughline.coordination;

import health.throughline.conversation.ReplyNeedsPerson;
import health.throughline.conversation.UnknownOutcome;
import health.throughline.journey.JourneyStuck;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
    private static final Duration SOON = Duration.ofHours(2);

    private final JdbcTasks tasks;
    private final Organization organization;
    private final Pager pager;
    private final Coverage coverage;
    private final Clock clock;

    PersonTasks(JdbcTasks tasks, Organization organization, Pager pager, Coverage coverage, Clock clock) {
        this.tasks = tasks;
        this.pager = pager;
        this.coverage = coverage;
        this.organization = organization;
        this.clock = clock;
    }

    @EventListener
    void on(ReplyNeedsPerson reply) {
        Optional<UUID> task = create(
                reply.orgUnit(),
                reply.patient(),
                reply.journeyInstance(),
                reply.sentence(),
                reply.reason(),
                Map.of("inbound", reply.inbound().toString(), "meaning", reply.meaning()),
                reply.language(),
                reply.urgent() ? AT_ONCE : SOON,
                "inbound:" + reply.inbound());
        if (reply.urgent()) {
            task.ifPresent(id -> pager.begin(id, reply.patient()));
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
                "unknown:" + unknown.message());
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
