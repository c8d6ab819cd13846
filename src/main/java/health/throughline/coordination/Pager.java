package health.throughline.coordination;

import health.throughline.access.Staff;
import health.throughline.audit.Audit;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.Conversations.SendDecision;
import health.throughline.conversation.DirectMessageFailed;
import health.throughline.conversation.StaffMessages;
import health.throughline.conversation.StaffReplies;
import health.throughline.coordination.JdbcPages.Paged;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Calls the people on call about a task that cannot wait, one after the other, until somebody takes it: twice through the chain, five
 * minutes each, then on at a quarter of an hour for half a day. The task's own row is the timer, so no page is lost with a node.
 */
@Component
class Pager implements StaffReplies {

    static final Duration NEXT_AFTER = Duration.ofMinutes(5);
    private static final Duration NEXT_AFTER_TWO_ROUNDS = Duration.ofMinutes(15);

    /** A page that a broken row kept from being made: then the next person of the chain, a few times so, later at longer distance. */
    private static final Duration AGAIN_AFTER_FAILURE = Duration.ofSeconds(10);

    private static final int SKIPS_AT_SHORT_DISTANCE = 10;

    private static final Duration CHAIN_LOOKED_FOR_AGAIN = Duration.ofMinutes(1);
    private static final Duration GIVES_UP_AFTER = Duration.ofHours(12);
    private static final Duration PAGE_USEFUL_FOR = Duration.ofMinutes(15);
    private static final Duration ANSWER_COUNTS_FOR = Duration.ofHours(12);
    private static final Duration ANSWERED_RESTS = Duration.ofHours(1);
    private static final Duration CALLED_COUNTS_FOR = Duration.ofMinutes(30);

    /** People nobody knows about whom a unit's chain is called at the same time; the others wait for one of them to be taken. */
    static final int STRANGERS_AT_ONCE = 3;

    /** The step before the chain's first: who has the patient's other task in hand knows most, and is paged first. */
    private static final int HOLDER = -1;

    private static final int ROUNDS = 2;
    private static final int MOST_AT_ONCE = 50;
    /** What happened to a task: whom nobody knows wrote of danger once more while people were being called. */
    static final String WROTE_AGAIN = "wrote-again";

    static final String NO_ON_CALL = "no-on-call";

    private static final String PAGE = "page:";
    private static final String ANSWER = "page-answer:";
    private static final String SAFETY = "safety:";

    /** With the marks behind it. */
    private static final int LONGEST_WORD = 40;

    private static final Set<String> TAKES_IT = Set.of("1", "ack");
    private static final Logger LOG = LoggerFactory.getLogger(Pager.class);

    private final JdbcPages pages;
    private final JdbcTasks tasks;
    private final Coverage coverage;
    private final StaffMessages messages;
    private final Staff staff;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Pager(
            JdbcPages pages,
            JdbcTasks tasks,
            Coverage coverage,
            StaffMessages messages,
            Staff staff,
            Audit audit,
            TransactionTemplate transaction,
            Clock clock) {
        this.pages = pages;
        this.tasks = tasks;
        this.coverage = coverage;
        this.messages = messages;
        this.staff = staff;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * In the transaction that made the task: the first is paged as soon as it is committed. Somebody who writes again while people are
     * being called makes a task on top of the list but no second chain of pages, for as long as the calling goes on and no longer. Of
     * people nobody knows, anybody can make as many as they like: only so many are called about at once, and they never go before a patient.
     */
    void begin(UUID task) {
        Instant now = clock.instant();
        if (calledAlready(task, now)) {
            tasks.noted(task, "called-already", Map.of(), now);
            pages.next(task, HOLDER, now.plus(NEXT_AFTER));
            return;
        }
        pages.next(task, HOLDER, now);
    }

    /** Whether people are being called about whoever wrote this, whom nobody knows: then it is told with that task, and makes no other. */
    boolean callsAlready(UUID inbound) {
        Optional<UUID> task = pages.ofStranger(inbound);
        task.ifPresent(
                called -> tasks.noted(called, WROTE_AGAIN, Map.of("inbound", inbound.toString()), clock.instant()));
        return task.isPresent();
    }

    private boolean calledAlready(UUID task, Instant now) {
        Instant soon = now.plus(AGAIN_AFTER_FAILURE);
        return pages.calledAlready(task, CALLED_COUNTS_FOR, soon)
                || pages.strangersBefore(task, CALLED_COUNTS_FOR, soon) >= STRANGERS_AT_ONCE;
    }

    @Scheduled(fixedDelay = 500)
    void pageWhoIsNext() {
        for (int n = 0; n < MOST_AT_ONCE; n++) {
            Instant now = clock.instant();
            Paged task = pages.take(now, now.plus(AGAIN_AFTER_FAILURE)).orElse(null);
            if (task == null) {
                return;
            }
            try {
                transaction.executeWithoutResult(status -> page(task));
            } catch (RuntimeException e) {
                failed(task, e);
            }
        }
    }

    /** What is wrong with one page keeps neither the others from going nor the next person from being called. */
    private void failed(Paged task, RuntimeException why) {
        LOG.warn("The page about task {} failed: {}", task.id(), why.getClass().getSimpleName());
        LOG.debug("Paging failure", why);
        if (why instanceof TransientDataAccessException) {
            return; // the same again
        }
        try {
            transaction.executeWithoutResult(status -> skip(task));
        } catch (RuntimeException e) {
            LOG.warn(
                    "That it failed is not noted with task {}: {}",
                    task.id(),
                    e.getClass().getSimpleName());
        }
    }

    private void skip(Paged task) {
        if (!pages.stillDue(task)) {
            return;
        }
        Instant now = clock.instant();
        tasks.noted(
                task.id(), "page-failed", Map.of("who", "the next on call", "because", "it could not be made"), now);
        boolean urgently = task.step() < SKIPS_AT_SHORT_DISTANCE;
        pages.next(task.id(), task.step() + 1, now.plus(urgently ? AGAIN_AFTER_FAILURE : NEXT_AFTER_TWO_ROUNDS));
    }

    private void page(Paged task) {
        Instant now = clock.instant();
        if (!pages.stillDue(task)) {
            return;
        }
        List<Coverage.OnCall> chain = coverage.toPage(new OrgUnitId(task.orgUnit()));
        boolean old = task.createdAt().plus(GIVES_UP_AFTER).isBefore(now);
        if (chain.isEmpty() && !old) {
            nobodyOnCall(task, now);
            return;
        }
        // written before an outage, it is still called about
        if (old && (chain.isEmpty() || task.step() >= ROUNDS * chain.size())) {
            tasks.noted(task.id(), "paging-ended", Map.of(), now);
            pages.over(task.id());
            return;
        }
        if (task.step() == HOLDER && calledAlready(task.id(), now)) {
            pages.next(task.id(), HOLDER, now.plus(NEXT_AFTER));
            return;
        }
        boolean first = task.step() == HOLDER;
        Coverage.OnCall next = chain.get(first ? 0 : task.step() % chain.size());
        Coverage.OnCall who = first ? holder(task, chain).orElse(next) : next;
        int step = first && who.equals(next) ? 0 : task.step();
        callOne(task, who, step, chain.size(), now);
    }

    /** Somebody may be named any minute. */
    private void nobodyOnCall(Paged task, Instant now) {
        if (tasks.happenings(task.id()).stream()
                .noneMatch(happening -> happening.kind().equals(NO_ON_CALL))) {
            tasks.noted(task.id(), NO_ON_CALL, Map.of(), now);
            LOG.warn("Nobody is on call for task {}: nobody is paged", task.id());
        }
        pages.next(task.id(), task.step(), now.plus(CHAIN_LOOKED_FOR_AGAIN));
    }

    private void callOne(Paged task, Coverage.OnCall who, int step, int chain, Instant now) {
        SendDecision decision = messages.send(new StaffMessages.StaffSaying(
                PAGE + task.id() + ":" + step,
                new PartyId(who.party()),
                new AddressId(who.address()),
                new OrgUnitId(task.orgUnit()),
                "on-call-page",
                Map.of("task", code(task.id())),
                now.plus(PAGE_USEFUL_FOR)));
        if (decision instanceof Refused no) {
            tasks.noted(task.id(), "page-failed", Map.of("who", who.name(), "because", no.why()), now);
            // the next at once, but not round and round
            boolean roundOver = step != HOLDER && (step + 1) % chain == 0;
            pages.next(task.id(), step + 1, roundOver ? now.plus(NEXT_AFTER) : now);
            return;
        }
        tasks.noted(
                task.id(),
                "paged",
                Map.of("who", who.name(), "address", who.address().toString(), "step", step),
                now);
        audit.record(
                Audit.Entry.done("task.page", "task", task.id(), task.patient()).with("step", String.valueOf(step)));
        if (step == ROUNDS * chain - 1) {
            tasks.noted(task.id(), "chain-ended", Map.of(), now);
        }
        boolean urgently = step < ROUNDS * chain;
        pages.next(task.id(), step + 1, now.plus(urgently ? NEXT_AFTER : NEXT_AFTER_TWO_ROUNDS));
    }

    /** Of the chain, whoever has another cry for help of the patient's in hand: they took it here, or answered its page. */
    private Optional<Coverage.OnCall> holder(Paged task, List<Coverage.OnCall> chain) {
        return pages.holder(task.id(), CALLED_COUNTS_FOR)
                .flatMap(holds -> chain.stream()
                        .filter(one ->
                                holds.username() != null && holds.username().equals(one.username())
                                        || one.name().equals(holds.name()))
                        .findFirst());
    }

    @EventListener
    void on(DirectMessageFailed failed) {
        Instant now = clock.instant();
        if (failed.intent().startsWith(PAGE)) {
            String[] parts = failed.intent().split(":");
            UUID task = UUID.fromString(parts[1]);
            int step = Integer.parseInt(parts[2]);
            tasks.noted(
                    task,
                    "page-failed",
                    Map.of("who", pages.whoWasPaged(task, step), "because", failed.sentence()),
                    now);
            pages.sooner(task, step + 1, now);
        } else if (failed.intent().startsWith(SAFETY)) {
            pages.ofInbound(failed.intent().substring(SAFETY.length()))
                    .ifPresent(task -> tasks.noted(task, "safety-failed", Map.of("because", failed.sentence()), now));
        }
    }

    @Override
    public Optional<String> taken(AddressId from, String text) {
        String word = text.strip();
        if (word.length() > LONGEST_WORD
                || !TAKES_IT.contains(word.replaceAll("[.!]+$", "").toLowerCase(Locale.ROOT))) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<UUID> paged = pages.lastTo(from.value(), now.minus(ANSWER_COUNTS_FOR));
        if (paged.isEmpty()) {
            return Optional.empty();
        }
        JdbcTasks.Task task = tasks.lock(paged.get()).orElseThrow();
        Coverage.OnCall who = coverage.toPage(new OrgUnitId(task.orgUnit())).stream()
                .filter(one -> one.address().equals(from.value()))
                .findFirst()
                .orElse(null);
        boolean free = task.state().equals("open");
        String username = who == null ? null : who.username();
        if (free) {
            String name = who == null ? "the on-call phone" : who.name();
            tasks.noted(task.id(), "acknowledged", Map.of("who", name), now);
            // who has no user name cannot show that it was done: somebody sees to it that it is closed
            pages.rest(task.id(), now.plus(ANSWERED_RESTS));
            if (username != null && staff.mayWork(username)) {
                tasks.assign(task, username, username, now);
            }
            audit.record(Audit.Entry.done("task.acknowledge", "task", task.id(), task.patient()));
        }
        if (who != null) {
            messages.send(new StaffMessages.StaffSaying(
                    ANSWER + task.id() + ":" + from.value() + ":" + (free ? "taken" : "gone"),
                    new PartyId(who.party()),
                    from,
                    new OrgUnitId(task.orgUnit()),
                    free ? "on-call-taken" : "on-call-gone",
                    Map.of("task", code(task.id())),
                    now.plus(PAGE_USEFUL_FOR)));
        }
        return Optional.of(
                free ? "Took the task they were paged about." : "Answered a page that somebody else had taken.");
    }

    /** Short enough to say on the phone; the task's page shows it. */
    static String code(UUID task) {
        String text = task.toString();
        return text.substring(text.length() - 6).toUpperCase(Locale.ROOT);
    }
}
