package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.channel.OutboundMessage;
import health.throughline.channel.SendOutcome;
import health.throughline.consent.ConsentLedger;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Origin;
import health.throughline.conversation.Conversations.Question;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnit;
import health.throughline.patient.PatientId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationEventPublisher;

/** One message for one hour, or hours apart; each of those said keeps its own row, question, decision and journey. */
@DisplayName("A6, B15: several departments and several children are one message, or hours apart by rank")
class TogetherTest extends TextingTest {

    private static final Duration SOON = Duration.ofMinutes(30);

    @Autowired
    private Attempts attempts;

    @Autowired
    private ConversationHistory history;

    @Autowired
    private Encryption encryption;

    @Autowired
    private JdbcDispatch dispatch;

    @Autowired
    private JdbcMessages stored;

    @Autowired
    private JdbcQuestions questions;

    @Autowired
    private ConversationSettings settings;

    @Autowired
    private ApplicationEventPublisher events;

    @Autowired
    private DataSource dataSource;

    @Test
    void saysTwoDepartmentsRemindersInOneMessage() {
        var patient = aPatient(aNumber());
        UUID cardiology = reminder(patient, "Carla", "Clinic", 1);
        UUID laboratory = reminder(patient, "Lara", "Annex", 3);

        OutboundMessage wire = started(cardiology).orElseThrow();
        assertThat(wire.body())
                .contains("Mercy: We have more than one visit", "1) Carla: ", "2) Lara: ", "Annex", "STOP");
        assertThat(wire.parts()).doesNotContainKey("item");
        assertThat(states(cardiology, laboratory)).containsOnly("attempting");
        assertThat(numbers(cardiology, laboratory)).containsExactly(1, 2);
        assertThat(count("select count(*) from attempt where message_id = ?", laboratory))
                .isZero();
        assertThat(count("select count(*) from send_decision where message_id = ? and stage = 'send'", laboratory))
                .isOne();

        attempts.outcome(wire.attempt(), new SendOutcome.Accepted("SM" + UUID.randomUUID()));
        assertThat(states(cardiology, laboratory)).containsOnly("accepted");
        assertThat(history.of(patient, clock.instant().plus(Duration.ofDays(2)), 10))
                .filteredOn(entry -> !entry.planned())
                .extracting(ConversationHistory.Entry::text)
                .anySatisfy(text -> assertThat(text).contains("2) Lara").doesNotContain("Carla"))
                .anySatisfy(text -> assertThat(text).contains("1) Carla").doesNotContain("Lara"));
        assertThat(history.of(patient, clock.instant().plus(Duration.ofDays(2)), 10))
                .extracting(ConversationHistory.Entry::why)
                .allSatisfy(why -> assertThat(why).contains("Said in one message with another"));
    }

    @Test
    void whatOneMayNotBeToldDropsOnlyThatOne() {
        String number = aNumber();
        var ana = aChild(number, "Ana");
        var luz = aChild(number, "Luz");
        var zoe = aChild(number, "Zoe");
        UUID first = reminder(ana, "Ana", "Clinic", 1);
        UUID second = reminder(luz, "Luz", "Clinic", 2);
        UUID third = reminder(zoe, "Zoe", "Clinic", 3);
        inTransaction(() -> {
            ledger.revoke(
                    patients.partyOf(luz),
                    null,
                    null,
                    new ConsentLedger.Statement(
                            "told-to-staff", "test", "no texts for Luz", "all", "test:" + luz, clock.instant()));
            return luz;
        });
        OutboundMessage wire = started(first).orElseThrow();
        assertThat(wire.body()).contains("Ana", "Zoe").doesNotContain("Luz");
        assertThat(states(first, third)).containsOnly("attempting");
        assertThat(standing(second).state()).isEqualTo("queued");
        assertThat(started(second)).as("refused for itself").isEmpty();
        over(wire);
    }

    @Test
    void aTryThatCertainlyFailedSetsTheOthersFreeAndAnUnknownOneKeepsThem() {
        var patient = aPatient(aNumber());
        UUID first = reminder(patient, "First", "Clinic", 1);
        UUID second = reminder(patient, "Second", "Clinic", 2);
        OutboundMessage wire = started(first).orElseThrow();
        attempts.outcome(wire.attempt(), new SendOutcome.Retry(Duration.ofMinutes(20), "429", "busy"));
        assertThat(states(first, second)).containsOnly("queued");
        assertThat(numbers(first, second)).isEmpty();

        wire = started(second).orElseThrow();
        assertThat(wire.body()).contains("First", "Second");
        attempts.outcome(wire.attempt(), new SendOutcome.Unknown("timeout", "no answer"));
        assertThat(states(first, second)).containsOnly("unknown");
        assertThat(numbers(first, second)).containsExactly(1, 2);
        AttemptId attempt = wire.attempt();
        attempts.outcome(attempt, new SendOutcome.Rejected(SendOutcome.Then.NEXT_CHANNEL, "30005", "gone"));
        assertThat(states(first, second)).containsOnly("failed");
        assertThat(numbers(first, second)).isEmpty();
    }

    /** @param shortLived which of the three is over first: the one that carries the others, or one of those */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    @DisplayName("R2: of what was said in one and may not have arrived, a person has each in time for the first")
    void aPersonHasEachThatMayNotHaveArrived(int shortLived) {
        String number = aNumber();
        List<PatientId> children = List.of(aChild(number, "Ana"), aChild(number, "Luz"), aChild(number, "Zoe"));
        LocalDateTime visit = LocalDateTime.ofInstant(clock.instant().plus(Duration.ofDays(1)), ZONE);
        UUID[] reminders = IntStream.range(0, 3)
                .mapToObj(n -> said(
                        children.get(n),
                        "Child" + n,
                        "Clinic",
                        visit,
                        n == shortLived ? Duration.ofMinutes(70) : Duration.ofHours(20)))
                .toArray(UUID[]::new);
        OutboundMessage wire = started(reminders[0]).orElseThrow();
        attempts.outcome(wire.attempt(), new SendOutcome.Unknown("timeout", "no answer"));
        assertThat(states(reminders)).containsOnly("unknown");
        var settler = settlerOfASilentProvider(reminders);

        forward(Duration.ofMinutes(11));
        settler.settle();

        await().atMost(Duration.ofSeconds(10)).until(() -> tasks(reminders) == 3);
        // what holds longer is not given up with what is over
        forward(Duration.ofMinutes(65));
        settler.settle();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> count(
                                "select count(*) from dispatch where message_id = ? and due_at > ?",
                                reminders[0],
                                JdbcMessages.utc(clock.instant().plus(Duration.ofMinutes(5))))
                        == 1);
        assertThat(states(reminders)).containsOnly("unknown");
        assertThat(tasks(reminders)).isEqualTo(3);
        over(wire);
    }

    private long tasks(UUID... messages) {
        return count("""
                select count(distinct t.patient_id) from task t join dispatch d on d.patient_id = t.patient_id
                    and t.facts ->> 'message' = d.message_id::text
                where t.reason_code = 'unknown-outcome' and d.message_id = any(?)
                """, (Object) messages);
    }

    /** On a channel of its own, whose provider lists nothing, so that nobody else settles them. */
    private UnknownSettler settlerOfASilentProvider(UUID... messages) {
        Channel channel = new Channel("silent-" + UUID.randomUUID().toString().substring(0, 6));
        asOwner()
                .sql("update dispatch set channel = ?, journey_instance_id = null where message_id = any(?)")
                .params(channel.code(), messages)
                .update();
        ChannelAdapter sms = senders.adapter(Channel.SMS);
        ChannelAdapter silent = (ChannelAdapter) Proxy.newProxyInstance(
                ChannelAdapter.class.getClassLoader(),
                new Class<?>[] {ChannelAdapter.class},
                (proxy, method, values) -> {
                    if (method.getName().equals("listSent")) {
                        throw new ChannelAdapter.ProviderUnavailable("it does not list");
                    }
                    return method.getName().equals("channel") ? channel : method.invoke(sms, values);
                });
        return new UnknownSettler(
                dispatch,
                stored,
                questions,
                attempts,
                patients,
                new Senders(List.of(silent), jdbc, transaction, settings, dataSource),
                events,
                transaction,
                jdbc,
                settings,
                clock);
    }

    @Test
    void whatWouldBeTooLongInOneIsSaidApart() {
        var patient = aPatient(aNumber());
        UUID first = reminder(patient, "First", "x".repeat(700), 1);
        UUID second = reminder(patient, "Second", "y".repeat(700), 2);
        OutboundMessage wire = started(first).orElseThrow();
        assertThat(wire.body()).contains("Hello First").doesNotContain("Second");
        attempts.outcome(wire.attempt(), new SendOutcome.Accepted("SM" + UUID.randomUUID()));

        assertThat(started(second)).isEmpty();
        assertThat(standing(second))
                .extracting(Standing::state, Standing::reason)
                .containsExactly("queued", "A6.apart");
        assertThat(due(second)).isAfter(clock.instant().plus(Duration.ofHours(3)));
        assertThat(history.of(patient, clock.instant().plus(Duration.ofDays(2)), 10))
                .filteredOn(ConversationHistory.Entry::planned)
                .singleElement()
                .extracting(ConversationHistory.Entry::why)
                .asString()
                .contains("4 hours apart");
    }

    @Test
    @DisplayName(
            "K12: what is said together is read as a whole once more, and goes apart where the whole tells what its lines do not")
    void readsTheWholeAndSaysApartWhatItWouldTell() {
        var patient = aPatient(aNumber());
        UUID first = reminder(patient, "First", "Clinic", 1);
        UUID second = reminder(patient, "Second", "Annex", 3);
        // both were read under the name the hospital had then
        called("Mercy Oncology");
        try {
            OutboundMessage wire = started(first).orElseThrow();
            assertThat(wire.body()).contains("Hello First").doesNotContain("Second", "Oncology");
            attempts.outcome(wire.attempt(), new SendOutcome.Accepted("SM" + UUID.randomUUID()));
            assertThat(started(second)).isEmpty();
            assertThat(standing(second))
                    .extracting(Standing::state, Standing::reason)
                    .containsExactly("queued", "A6.apart");
            assertThat(due(second)).isAfter(clock.instant().plus(Duration.ofHours(3)));
        } finally {
            called("Mercy");
        }
        saidHoursAgo(first);
        assertThat(started(second).orElseThrow().body()).contains("Hello Second");

        // the control: under a name that tells nothing the same two are one
        var other = aPatient(aNumber());
        reminder(other, "Third", "Annex", 3);
        OutboundMessage one = started(reminder(other, "First", "Clinic", 1)).orElseThrow();
        assertThat(one.body()).contains("1) First", "2) Third");
        over(one);
    }

    @Test
    @DisplayName("K12: a line that tells too much is left out, fails for itself, and keeps nobody else back")
    void leavesOutTheLineThatTellsTooMuch() {
        String number = aNumber();
        UUID first = reminder(aChild(number, "Candida"), "Candida", "Clinic", 1);
        var patient = aChild(number, "Second");
        UUID telling = reminder(patient, "Second", "Annex", 2);
        UUID third = reminder(aChild(number, "Third"), "Third", "Annex", 3);
        // the words were added to the list after it was written
        saysNow(patient, telling, "Second: Oncology");
        OutboundMessage wire = started(first).orElseThrow();
        assertThat(wire.body())
                .as("a name gives nothing away, whatever it sounds like")
                .contains("1) Candida", "2) Third")
                .doesNotContain("Oncology");
        assertThat(states(first, third)).containsOnly("attempting");
        attempts.outcome(wire.attempt(), new SendOutcome.Accepted("SM" + UUID.randomUUID()));
        saidHoursAgo(first, third);
        assertThat(started(telling)).isEmpty();
        assertThat(standing(telling))
                .extracting(Standing::state, Standing::reason)
                .containsExactly("suppressed", "K12.phi");
    }

    @Test
    @DisplayName("K17: the segments that are counted and paid are those of the text that goes")
    void countsTheSegmentsOfTheWhole() {
        var patient = aPatient(aNumber());
        UUID first = reminder(patient, "Ana", "Clinic", 1);
        UUID second = reminder(patient, "Bo", "Clinic \u2013 sur", 2);
        OutboundMessage wire = started(first).orElseThrow();
        int units = senders.adapter(Channel.SMS).units(wire.body());
        assertThat(wire.body()).contains("1) Ana", "2) Bo");
        assertThat(units)
                .as("one sign more, and all of it is UCS-2")
                .isGreaterThan(wire.body().length() / 70);
        assertThat(asOwner()
                        .sql("select units from attempt where id = ?")
                        .param(wire.attempt().value())
                        .query(Integer.class)
                        .single())
                .isEqualTo(units);
        assertThat(states(second)).containsOnly("attempting");
        over(wire);
    }

    @Test
    void theMoreImportantGoesFirstAndTheOtherGivesWay() {
        var patient = aPatient(aNumber());
        UUID billing = alone(patient, "Billing", "billing", Duration.ofHours(20));
        UUID care = alone(patient, "Care", "care", Duration.ofHours(20));
        assertThat(started(billing)).isEmpty();
        assertThat(standing(billing).reason()).isEqualTo("A6.apart");
        assertThat(due(billing)).isAfter(clock.instant().plus(Duration.ofHours(4)));
        attempts.outcome(started(care).orElseThrow().attempt(), new SendOutcome.Accepted("SM" + UUID.randomUUID()));
    }

    @Test
    void neverWaitsPastWhatItSaysIsTrue() {
        var patient = aPatient(aNumber());
        UUID care = alone(patient, "Care", "care", Duration.ofHours(20));
        attempts.outcome(started(care).orElseThrow().attempt(), new SendOutcome.Accepted("SM" + UUID.randomUUID()));
        UUID marketing = alone(patient, "Offer", "marketing", Duration.ofHours(2));
        assertThat(started(marketing)).isEmpty();
        assertThat(standing(marketing))
                .extracting(Standing::state, Standing::reason)
                .containsExactly("suppressed", "A6.crowded-out");
        UUID urgentCare = alone(patient, "Second care", "care", Duration.ofHours(2));
        over(started(urgentCare).orElseThrow());
    }

    @Test
    @DisplayName("RELIABILITY: at most 6 automated messages about one subject, then a person")
    void afterSixMessagesAboutOneVisitAPersonGoesOn() {
        UUID visit = UUID.randomUUID();
        for (int i = 0; i < 6; i++) {
            // of patients of their own: not their limits of a day are meant here
            idOf(about(visit));
        }
        assertThat(about(visit))
                .isInstanceOfSatisfying(
                        Conversations.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("subject-limit"));
    }

    private Conversations.SendDecision about(UUID visit) {
        LocalDateTime when = LocalDateTime.ofInstant(clock.instant(), ZONE);
        return decided(aPatient(aNumber()), "Six", "Clinic", when, Duration.ofHours(20), visit);
    }

    private UUID reminder(PatientId patient, String name, String place, int hour) {
        LocalDateTime visit = LocalDateTime.ofInstant(clock.instant().plus(Duration.ofDays(1)), ZONE)
                .withHour(8 + hour)
                .withMinute(0);
        return said(patient, name, place, visit, Duration.ofHours(20));
    }

    /** A text that cannot be said with others. */
    private UUID alone(PatientId patient, String name, String purpose, Duration lifetime) {
        UUID message = said(patient, name, "Clinic", LocalDateTime.ofInstant(clock.instant(), ZONE), lifetime);
        asOwner()
                .sql("update dispatch set together = null, purpose = ? where message_id = ?")
                .params(purpose, message)
                .update();
        return message;
    }

    private UUID said(PatientId patient, String name, String place, LocalDateTime visit, Duration lifetime) {
        return idOf(decided(patient, name, place, visit, lifetime, null));
    }

    private Conversations.SendDecision decided(
            PatientId patient,
            String name,
            String place,
            LocalDateTime visit,
            Duration lifetime,
            @org.jspecify.annotations.Nullable UUID subject) {
        Map<String, Object> values = new HashMap<>();
        values.put("provider", "Mercy");
        values.put("givenName", name);
        values.put("visit", visit);
        values.put("place", place);
        values.put("address", "1 Main St");
        values.put("parking", "none");
        values.put("phone", "303 555 0100");
        UUID journey = UUID.randomUUID();
        Instant until = clock.instant().plus(lifetime);
        return inTransaction(() -> conversations.send(new Saying(
                "together:" + journey,
                patient,
                hospital().id(),
                null,
                "appointment-reminder",
                values,
                false,
                new Question("attendance", until, visit),
                clock.instant().plus(SOON),
                until,
                new Author(Author.Kind.JOURNEY, "pre-visit"),
                new Origin(journey, "pre-visit", "none", "none", subject == null ? null : "other", subject, 1))));
    }

    private Optional<OutboundMessage> started(UUID message) {
        return attempts.start(leased(message), "test");
    }

    private void over(OutboundMessage wire) {
        attempts.outcome(wire.attempt(), new SendOutcome.Rejected(SendOutcome.Then.GIVE_UP, "x", "the test is over"));
    }

    private void called(String patientSafeName) {
        OrgUnit unit = hospital();
        inTransaction(() -> {
            organization.save(new OrgUnit(
                    unit.id(),
                    unit.parent(),
                    unit.kind(),
                    unit.path(),
                    unit.name(),
                    patientSafeName,
                    unit.zone(),
                    unit.phone(),
                    unit.addressLine(),
                    unit.city(),
                    unit.state(),
                    unit.postalCode(),
                    unit.parking(),
                    unit.phase()));
            return unit;
        });
    }

    /** As if the list of words had been longer when this was written. */
    private void saysNow(PatientId patient, UUID message, String telling) {
        var key = inTransaction(() -> patients.keyOf(patient));
        asOwner()
                .sql("update message set body = ?, parts = ? where id = ?")
                .params(
                        encryption.encrypt(key, JdbcMessages.bodyField(message), telling),
                        encryption.encrypt(
                                key,
                                new Encryption.Field("message", "parts", message),
                                "{\"item\":\"" + telling + "\"}"),
                        message)
                .update();
    }

    /** Spacing asks when, and the test's day is short. */
    private void saidHoursAgo(UUID... messages) {
        asOwner()
                .sql("update dispatch set sent_at = sent_at - interval '5 hours' where message_id = any(?)")
                .param(messages)
                .update();
    }

    private List<String> states(UUID... messages) {
        return java.util.Arrays.stream(messages)
                .map(message -> standing(message).state())
                .toList();
    }

    private List<Integer> numbers(UUID... messages) {
        return asOwner()
                .sql("select number from question_item where message_id = any(?) and closed_at is null order by number")
                .param(messages)
                .query(Integer.class)
                .list();
    }

    private Instant due(UUID message) {
        return asOwner()
                .sql("select due_at from dispatch where message_id = ?")
                .param(message)
                .query((row, n) -> JdbcMessages.instant(row, "due_at"))
                .single();
    }
}
