package health.throughline.journey;

import health.throughline.access.Conflict;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.conversation.ConversationHistory;
import health.throughline.journey.JourneyResources.Instance;
import health.throughline.journey.JourneyResources.InstanceMessage;
import health.throughline.journey.JourneyResources.InstancePage;
import health.throughline.journey.JourneyResources.InstanceTask;
import health.throughline.journey.JourneyResources.PatientOfInstance;
import health.throughline.journey.JourneyResources.Standing;
import health.throughline.journey.JourneyResources.Subject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Shows and ends patients' ways through journeys, and takes down that they were seen. */
@Service
class JourneyInstances {

    private static final String ENTITY = "journey_instance";

    private final JdbcJourneys instances;
    private final Journeys journeys;
    private final Whereabouts whereabouts;
    private final PathTaken path;
    private final ConversationHistory conversations;
    private final ObjectProvider<JourneyTasks> tasks;
    private final Audit audit;

    JourneyInstances(
            JdbcJourneys instances,
            Journeys journeys,
            Whereabouts whereabouts,
            PathTaken path,
            ConversationHistory conversations,
            ObjectProvider<JourneyTasks> tasks,
            Audit audit) {
        this.instances = instances;
        this.journeys = journeys;
        this.whereabouts = whereabouts;
        this.path = path;
        this.conversations = conversations;
        this.tasks = tasks;
        this.audit = audit;
    }

    @Transactional
    public Instance read(UUID id) {
        Instance instance = show(instances.find(id).orElseThrow(() -> new NotFound(ENTITY, id)), true);
        audit.record(Audit.Entry.done(
                "journey_instance.read", ENTITY, id, instance.patient().id()));
        return instance;
    }

    /** Newest first. One audit entry for each patient on the page. */
    @Transactional
    public InstancePage page(
            @Nullable UUID patient, @Nullable String journey, @Nullable String state, @Nullable UUID after, int limit) {
        List<JdbcJourneys.Instance> found = instances.page(patient, journey, state, after, limit + 1);
        List<Instance> items = found.stream()
                .limit(limit)
                .map(instance -> show(instance, false))
                .toList();
        items.stream()
                .map(item -> item.patient().id())
                .distinct()
                .forEach(seen -> audit.record(Audit.Entry.done("journey_instance.list", ENTITY, seen, seen)));
        return new InstancePage(
                items, found.size() > limit ? items.getLast().id().toString() : null);
    }

    /** Idempotent: withdrawn stays withdrawn, with the reason first given. */
    @Transactional
    public Instance withdraw(UUID id, String reason) {
        JdbcJourneys.Instance instance = instances.lock(id).orElseThrow(() -> new NotFound(ENTITY, id));
        if (instance.state().equals("active")) {
            journeys.withdraw(id, reason);
        } else if (!instance.state().equals("withdrawn")) {
            throw new Conflict("The journey is over (" + instance.state() + "); there is nothing to withdraw.");
        }
        return read(id);
    }

    /** In the caller's transaction, for an answer that tells more than that it was read. */
    Instance show(UUID id) {
        return show(instances.find(id).orElseThrow(() -> new NotFound(ENTITY, id)), true);
    }

    /** @param whole with every step that was taken */
    private Instance show(JdbcJourneys.Instance instance, boolean whole) {
        return new Instance(
                instance.id(),
                instance.key(),
                instance.title(),
                instance.version(),
                new PatientOfInstance(instance.patient()),
                new Subject(instance.subjectType(), instance.subject()),
                instance.state(),
                instance.outcome(),
                instance.startedAt(),
                instance.startedBy(),
                instance.endedAt(),
                standsAt(instance),
                whole && instance.rootProcess() != null ? path.of(instance.rootProcess()) : List.of(),
                conversations.ofJourney(instance.id()).stream()
                        .map(said -> new InstanceMessage(
                                said.id(), said.at(), said.template(), said.channel(), said.state(), said.why()))
                        .toList(),
                tasksOf(instance.id()));
    }

    private List<Standing> standsAt(JdbcJourneys.Instance instance) {
        String process = instance.rootProcess();
        return process == null || !instance.state().equals("active") ? List.of() : whereabouts.of(process);
    }

    private List<InstanceTask> tasksOf(UUID journeyInstance) {
        JourneyTasks known = tasks.getIfAvailable();
        return known == null
                ? List.of()
                : known.of(journeyInstance).stream()
                        .map(task -> new InstanceTask(task.id(), task.title(), task.state()))
                        .toList();
    }
}
