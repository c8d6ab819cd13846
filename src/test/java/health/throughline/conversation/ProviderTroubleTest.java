package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.TimeOrderedId;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** R16 and R17: a provider that fails or crawls, and a row that can never be sent. */
@FaultTest
class ProviderTroubleTest extends TextingTest {

    private static final FaultReport.Row PROVIDER = FaultReport.row("R16", "slow or failing provider");
    private static final FaultReport.Row POISON = FaultReport.row("R17", "poison row");
    private static final int OTHERS = FaultReport.form(6, 20);
    private static final int ROUNDS_WITHOUT = 12;
    private static final int MORE_THREADS = 8;
    private static final int STORM = 300;

    /** Where nobody else of these tests lives; 30 phones, so that each writes several times. */
    private static final List<Integer> STORM_AREAS = List.of(206, 253, 360, 425, 509, 564);

    @Autowired
    private Attempts attempts;

    @Autowired
    private JdbcDispatch dispatch;

    @Autowired
    private InboundCatchUp catchUp;

    @Autowired
    private ConversationSettings settings;

    @Autowired
    private ChannelInbox inbox;

    @Autowired
    private JdbcHeard heard;

    @Autowired
    private InboundWorker inboundWorker;

    @Autowired
    private Replies replies;

    @Autowired
    private Again again;

    @Autowired
    private FailPoint failPoint;

    @Autowired
    private DataSource dataSource;

    @Test
    void leavesAProviderAloneThatFailsAndTriesItWithAFew() {
        var meters = new SimpleMeterRegistry();
        var breakers = new ProviderBreakers(catchUp, meters);
        Channel channel = Channel.VOICE;
        var fails = new SendOutcome.Unknown("http-503", "The carrier had a fault.");
        assertThat(breakers.permits(channel, 30)).isEqualTo(30);
        for (int i = 0; i < ProviderBreakers.FEWEST_CALLS; i++) {
            breakers.report(channel, fails, Duration.ofMillis(5));
        }
        assertThat(breakers.permits(channel, 30)).isZero();
        assertThat(leftAlone(meters)).isEqualTo(1);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            int permits = breakers.permits(channel, 30);
            breakers.giveBack(channel, permits);
            return permits == ProviderBreakers.PROBES;
        });
        assertThat(leftAlone(meters)).isEqualTo(0.5);
        for (int i = breakers.permits(channel, 30); i > 0; i--) {
            breakers.report(channel, new SendOutcome.Accepted(aSid()), Duration.ofMillis(5));
        }
        assertThat(breakers.state(channel)).isEqualTo(CircuitBreaker.State.CLOSED);
        assertThat(breakers.permits(channel, 30)).isEqualTo(30);
        assertThat(breakers.health().getDetails()).containsEntry("voice", "closed");
    }

    /** Also one that answers in the end, but crawls. */
    @Test
    void leavesAProviderAloneThatCrawls() {
        var breakers = new ProviderBreakers(catchUp, new SimpleMeterRegistry());
        for (int i = 0; i < ProviderBreakers.FEWEST_CALLS; i++) {
            breakers.report(Channel.EMAIL, new SendOutcome.Accepted("x"), Duration.ofSeconds(60));
        }
        assertThat(breakers.permits(Channel.EMAIL, 30)).isZero();
        assertThat(breakers.permits(Channel.VOICE, 30)).as("another channel").isEqualTo(30);
    }

    /** What speaks of one message says nothing about its provider. */
    @Test
    void doesNotTakeRefusedMessagesForAFailingProvider() {
        var breakers = new ProviderBreakers(catchUp, new SimpleMeterRegistry());
        for (int i = 0; i < 2 * ProviderBreakers.WINDOW; i++) {
            breakers.report(
                    Channel.EMAIL,
                    new SendOutcome.Rejected(SendOutcome.Then.GIVE_UP, "21211", "Not a number."),
                    Duration.ofMillis(5));
            breakers.report(Channel.EMAIL, new SendOutcome.Retry(null, "lease-ended", "Over."), Duration.ofMillis(5));
        }
        assertThat(breakers.permits(Channel.EMAIL, 30)).isEqualTo(30);
    }

    private static double leftAlone(SimpleMeterRegistry meters) {
        return Objects.requireNonNull(
                        meters.find("throughline.provider.left.alone").gauge())
                .value();
    }

    @Test
    @DisplayName("R17: who met others at the same rows is tried again and is no poison row")
    void triesAgainWhatMetOthersAndCountsNoStumble() {
        UUID message = idOf(send(aPatient(aNumber()), "x", clock.instant().plus(Duration.ofMinutes(30))));
        UUID patient = asOwner()
                .sql("select patient_id from dispatch where message_id = ?")
                .param(message)
                .query(UUID.class)
                .single();
        asOwner().sql("""
                create or replace function meets_others() returns trigger language plpgsql as $$
                begin
                    if new.stage = 'send' and new.patient_id = '%s' then
                        raise exception using errcode = '40001', message = 'another was faster';
                    end if;
                    return new;
                end $$""".formatted(patient)).update();
        asOwner()
                .sql(
                        "create trigger meets_others before insert on send_decision for each row execute function meets_others()")
                .update();
        try {
            forward(Duration.ofMinutes(31));
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> "overtaken".equals(standing(message).reason()));
            assertThat(standing(message).attempts()).isZero();
        } finally {
            asOwner().sql("drop trigger meets_others on send_decision").update();
        }
        forward(Duration.ofSeconds(5));
        awaitState(message, "delivered");
        assertThat(count("select stumbles from dispatch where message_id = ?", message))
                .isZero();
    }

    @Test
    @DisplayName(
            "R16: a provider that is not reached for an hour uses up no message's tries; what it says of one message does")
    void keepsTheTriesOfWhatMeetsAProviderThatIsNotThere() {
        UUID waiting = refusedOver(SendOutcome.Retry.ofAll("not-connected", "Nobody there."));
        assertThat(standing(waiting).state()).isEqualTo("queued");
        UUID refused = refusedOver(new SendOutcome.Retry(null, "4.3.0", "Later."));
        assertThat(standing(refused).state()).isEqualTo("parked");
    }

    /** More often than a message has tries. */
    private UUID refusedOver(SendOutcome outcome) {
        UUID message = idOf(send(aPatient(aNumber()), "x", clock.instant().plus(Duration.ofHours(3))));
        for (int n = 0; n <= settings.maxAttempts() && standing(message).state().equals("queued"); n++) {
            attempts.outcome(
                    attempts.start(leased(message), "test").orElseThrow().attempt(), outcome);
            asOwner()
                    .sql("update dispatch set due_at = ? where message_id = ? and state = 'queued'")
                    .params(JdbcMessages.utc(clock.instant().plus(Duration.ofHours(3))), message)
                    .update();
        }
        return message;
    }

    @Test
    void setsARowAsideThatCanNeverBeSentWhileTheRestFlows() {
        String bad = aNumber();
        UUID poison = idOf(send(aPatient(bad), "x", clock.instant().plusSeconds(30)));
        asOwner()
                .sql("update message set body = decode('00ff00ff', 'hex') where id = ?")
                .param(poison)
                .update();
        Map<String, UUID> others = new HashMap<>();
        for (int i = 0; i < OTHERS; i++) {
            String number = aNumber();
            others.put(number, queued(aPatient(number), "x"));
        }
        others.values().forEach(message -> awaitState(message, "delivered"));
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            forward(Duration.ofMinutes(3));
            return standing(poison).state().equals("parked");
        });
        assertThat(requestsTo(bad)).isEmpty();
        assertThat(count("select stumbles from dispatch where message_id = ?", poison))
                .isEqualTo(settings.maxAttempts());
        assertThat(count(
                        "select count(*) from task where patient_id = (select patient_id from dispatch where message_id = ?)",
                        poison))
                .as("a person sees it")
                .isEqualTo(1);

        // control: with the lease alone it goes round for ever
        UUID round = idOf(send(aPatient(aNumber()), "x", clock.instant().plus(Duration.ofHours(2))));
        asOwner()
                .sql("update message set body = decode('00ff00ff', 'hex') where id = ?")
                .param(round)
                .update();
        boolean red = Stream.generate(() -> claimAndFail(round))
                .limit(ROUNDS_WITHOUT)
                .allMatch(state -> state.equals("queued"));
        POISON.count(FaultReport.INTENTS, OTHERS + 1L)
                .count(FaultReport.LOST, 0)
                .figure("tries before it was set aside", settings.maxAttempts())
                .control("leases alone", red);
        assertThat(red).isTrue();
    }

    private String claimAndFail(UUID message) {
        JdbcDispatch.Claim claim = inTransaction(() -> jdbc.sql("""
                        update dispatch set state = 'leased', fence = fence + 1, lease_until = ?
                        where message_id = ? returning message_created_at, address_id, fence, units
                        """)
                .params(JdbcMessages.utc(clock.instant().minusSeconds(1)), message)
                .query((row, n) -> new JdbcDispatch.Claim(
                        message,
                        JdbcMessages.instant(row, "message_created_at"),
                        row.getObject("address_id", UUID.class),
                        row.getInt("fence"),
                        row.getInt("units")))
                .single());
        assertThatThrownBy(() -> attempts.start(claim, "test")).isInstanceOf(RuntimeException.class);
        inTransaction(() -> dispatch.freeAbandoned(clock.instant()));
        return standing(message).state();
    }

    /** A provider that takes a minute for each answer fills its own channel and nobody else's. */
    @Test
    void keepsOtherChannelsGoingWhileOneCrawls() {
        var slow = new Provider("slow-" + tag(), true);
        var quick = new Provider("quick-" + tag(), false);
        var own = new Senders(List.of(slow, quick), jdbc, transaction, settings, dataSource);
        var dispatcher = new Dispatcher(
                dispatch,
                attempts,
                own,
                new DispatchSignal(),
                new InboundCatchUp(own, inbox, ledger, heard, settings, clock),
                new ProviderBreakers(catchUp, new SimpleMeterRegistry()),
                again,
                failPoint,
                settings,
                clock);
        List<UUID> crawling =
                Stream.generate(() -> onChannel(slow.channel())).limit(6).toList();
        List<UUID> going =
                Stream.generate(() -> onChannel(quick.channel())).limit(6).toList();
        int before = Thread.activeCount();
        long began = System.nanoTime();
        try {
            dispatcher.start();
            going.forEach(message -> await().atMost(Duration.ofSeconds(20))
                    .until(() -> standing(message).sent()));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(crawling).noneMatch(message -> standing(message).sent());
            assertThat(Thread.activeCount() - before).isLessThanOrEqualTo(MORE_THREADS);
            PROVIDER.count(FaultReport.INTENTS, going.size() + (long) crawling.size())
                    .figure("other channel done in ms", took.toMillis());
            // control: one line for both, the crawling ones first
            slow.patience = Duration.ofSeconds(1);
            long line = System.nanoTime();
            crawling.forEach(message -> slow.waits());
            boolean red = Duration.ofNanos(System.nanoTime() - line).compareTo(Duration.ofSeconds(5)) > 0;
            PROVIDER.control("one line for all channels", red);
            assertThat(red).isTrue();
        } finally {
            slow.release.countDown();
            dispatcher.stop();
        }
        crawling.forEach(message -> await().atMost(Duration.ofSeconds(20))
                .until(() -> standing(message).sent()));
        assertThat(slow.asked).hasValue(crawling.size());
        assertThat(quick.asked).hasValue(going.size());
    }

    private static String tag() {
        return UUID.randomUUID().toString().substring(0, 6);
    }

    /** Prepared as any text, then put on that channel's queue. */
    private UUID onChannel(Channel channel) {
        UUID message = idOf(send(aPatient(aNumber()), "x", clock.instant().plus(Duration.ofMinutes(30))));
        inTransaction(() -> jdbc.sql("update dispatch set channel = ?, due_at = ? where message_id = ?")
                .params(channel.code(), JdbcMessages.utc(clock.instant()), message)
                .update());
        return message;
    }

    /** A provider within the test, which takes everything: at once, or after a long while. */
    private static final class Provider implements ChannelAdapter {
        private final Channel channel;
        private final boolean crawls;
        private final CountDownLatch release = new CountDownLatch(1);
        private final AtomicInteger asked = new AtomicInteger();
        private Duration patience = Duration.ofSeconds(60);

        private Provider(String code, boolean crawls) {
            this.channel = new Channel(code);
            this.crawls = crawls;
        }

        private void waits() {
            try {
                release.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public Channel channel() {
            return channel;
        }

        @Override
        public String provider() {
            return "test";
        }

        @Override
        public String sender() {
            return "test";
        }

        @Override
        public SendOutcome send(OutboundMessage message) {
            asked.incrementAndGet();
            if (crawls) {
                waits();
            }
            return new SendOutcome.Accepted(aSid());
        }

        @Override
        public List<ListedMessage> listSent(Address to, Instant since) {
            return List.of();
        }

        @Override
        public List<InboundMessage> listReceived(Instant since) {
            return List.of();
        }

        @Override
        public int units(String body) {
            return 1;
        }
    }

    /** Many requests that are not answered hold neither pages nor callbacks up. */
    @Test
    void answersPagesAndCallbacksWhileTheProviderIsSilent() {
        List<String> numbers = Stream.generate(TextingTest::aNumber)
                .limit(FaultReport.form(8, 24))
                .toList();
        numbers.forEach(number -> fault(number, "timeout-after", 1));
        List<UUID> messages =
                numbers.stream().map(number -> queued(aPatient(number), "x")).toList();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> messages.stream()
                        .anyMatch(each -> standing(each).state().equals("attempting")));
        int threads = Thread.activeCount();
        List<Duration> took = Stream.generate(() -> {
                    long began = System.nanoTime();
                    assertThat(inbound(numbers.getFirst(), aSid(), "ok").statusCode())
                            .isEqualTo(200);
                    return Duration.ofNanos(System.nanoTime() - began);
                })
                .limit(20)
                .toList();
        messages.forEach(message -> awaitState(message, "delivered"));
        Map<String, List<Sent>> requests = requests();
        long doubled = numbers.stream()
                .filter(n -> requests.getOrDefault(n, List.of()).size() > 1)
                .count();
        PROVIDER.count(FaultReport.INTENTS, numbers.size())
                .count(FaultReport.DOUBLED, doubled)
                .count(FaultReport.LOST, 0)
                .figure("platform threads", threads)
                .times("callbacks meanwhile", took);
        assertThat(doubled).isZero();
        assertThat(FaultReport.percentile(took, 100)).isLessThan(20_000);
    }

    /** R17, coming in: what cannot be worked off holds back the order of one phone, but nobody's cry for help. */
    @Test
    void aRedFlagWaitsBehindNoReplyThatCannotBeWorkedOff() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        UUID broken = unreadable(addressOf(number));
        inbound(number, aSid(), "thank you");
        inbound(number, aSid(), "I have chest pain and can not breathe");
        await().atMost(Duration.ofSeconds(10)).until(() -> tasks(patient, "red-flag") == 1);
        assertThat(stateOf(broken)).isEqualTo("received");
        assertThat(count(
                        "select count(*) from inbound_work where address_id = ? and state = 'received'",
                        addressOf(number).value()))
                .as("what tells of no danger keeps its place")
                .isEqualTo(2);

        for (int tries = 1; tries < 12 && stateOf(broken).equals("received"); tries++) {
            int tried = tries;
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !stateOf(broken).equals("received")
                            || count(
                                            "select count(*) from inbound_work where inbound_id = ? and tries >= ? and due_at > ?",
                                            broken,
                                            tried,
                                            JdbcMessages.utc(clock.instant().plusSeconds(5)))
                                    == 1);
            forward(Duration.ofSeconds(21));
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> stateOf(broken).equals("parked"));
        // somebody is called to read it, as nothing else has; or was a moment ago for the same patient
        await().atMost(Duration.ofSeconds(10))
                .until(() -> count("""
                                select count(*) from task t join task_event e on e.task_id = t.id and e.kind in ('no-on-call', 'called-already')
                                where t.reason_code = 'parked' and t.patient_id = ? and t.org_unit_id = ? and t.priority > 90
                                """, patient.value(), hospital().id().value()) == 1);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> count(
                                "select count(*) from inbound_work where address_id = ? and state = 'received'",
                                addressOf(number).value())
                        == 0);
    }

    /** A storm of thanks after a bulk, and then a cry for help. */
    @Test
    @DisplayName("F6, R17: a red flag waits behind no backlog of ordinary replies")
    void aRedFlagWaitsBehindNoBacklog() {
        String inDanger = aNumber();
        aPatient(inDanger);
        UUID danger;
        inboundWorker.stop();
        try {
            for (int n = 0; n < STORM; n++) {
                writes("+1%d55501%02d".formatted(STORM_AREAS.get(n % STORM_AREAS.size()), n / 60), "Thank you");
            }
            danger = writes(inDanger, "I have chest pain and can not breathe");
            assertThat(count("select count(*) from inbound_work where inbound_id = ? and urgent", danger))
                    .isOne();
        } finally {
            inboundWorker.start();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> worked() == STORM);
        assertThat(count("select count(*) from message where intent = 'safety:' || ?", danger.toString()))
                .as("the safety text was asked for")
                .isOne();
        long before = count("""
                select count(*) from inbound_work w join inbound i on i.id = w.inbound_id
                where i.provider = 'storm' and w.handled_at < (select handled_at from inbound_work where inbound_id = ?)
                """, danger);
        POISON.figure("worked off before a red flag that came last of " + (STORM + 1), before);
        assertThat(before).isLessThan(STORM / 10);
    }

    @Test
    void ofOnePhoneTheOlderGoesFirstThoughSeveralAreWorkedOffAtOnce() {
        String number = "+12065550110";
        UUID newer;
        inboundWorker.stop();
        try {
            UUID older = writes(number, "Thank you");
            newer = writes(number, "Thank you");
            inTransaction(() -> {
                replies.workOff(older);
                CompletableFuture.runAsync(() -> replies.workOff(newer)).join();
                return older;
            });
            assertThat(stateOf(older)).isEqualTo("handled");
            assertThat(stateOf(newer)).isEqualTo("received");
        } finally {
            inboundWorker.start();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> stateOf(newer).equals("handled"));
    }

    private UUID writes(String number, String text) {
        String id = UUID.randomUUID().toString();
        inbox.received(
                new InboundMessage("storm", id, new Address(Channel.SMS, number), "us", text, text, clock.instant()));
        return asOwner()
                .sql("select inbound_id from inbound_key where provider = 'storm' and provider_id = ?")
                .param(id)
                .query(UUID.class)
                .single();
    }

    private long worked() {
        return count("""
                select count(*) from inbound_work w join inbound i on i.id = w.inbound_id
                where i.provider = 'storm' and w.state = 'handled'
                """);
    }

    private long tasks(PatientId patient, String reason) {
        return count("select count(*) from task where patient_id = ? and reason_code = ?", patient.value(), reason);
    }

    private String stateOf(UUID inbound) {
        return asOwner()
                .sql("select state from inbound_work where inbound_id = ?")
                .param(inbound)
                .query(String.class)
                .single();
    }

    /** A message that came in and that nobody's key opens. */
    private UUID unreadable(AddressId from) {
        UUID id = TimeOrderedId.next();
        var now = JdbcMessages.utc(clock.instant());
        asOwner()
                .sql("""
                        with came as (
                            insert into inbound (id, received_at, provider, provider_id, channel, address_id, sender_id, raw, body)
                            values (:id, :now, 'test', cast(:id as text), 'sms', :from, 'sms-main', '\\x00', '\\x00')
                            returning id, received_at, address_id)
                        insert into inbound_work (inbound_id, received_at, said_at, address_id, state, due_at)
                            select id, received_at, received_at, address_id, 'received', received_at from came
                        """)
                .param("id", id)
                .param("now", now)
                .param("from", from.value())
                .update();
        return id;
    }
}
