package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.Channel;
import health.throughline.consent.Purpose;
import health.throughline.consent.SendPolicy;
import health.throughline.consent.Urgency;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** R10 and R11: clocks that jump, and an outage of twelve hours that ends at three in the morning. */
@FaultTest
class OutageTest extends TextingTest {

    private static final FaultReport.Row OUTAGE = FaultReport.row("R11", "12 h outage ending 03:00 local");
    private static final FaultReport.Row CLOCKS = FaultReport.row("R10", "clock ± 1 h, ± 1 day, both DST changes");
    private static final LocalTime OPENING = LocalTime.of(8, 0);
    private static final LocalTime CLOSING = LocalTime.of(21, 0);
    private static final int EACH = FaultReport.form(4, 12);
    private static final Duration LEASE = Duration.ofSeconds(60);

    @Autowired
    private Dispatcher dispatcher;

    @Autowired
    private JdbcDispatch dispatch;

    @Autowired
    private Attempts attempts;

    @Autowired
    private Senders senders;

    @Autowired
    private SendPolicy policy;

    @AfterEach
    void goOn() {
        if (!dispatcher.isRunning()) {
            dispatcher.start();
        }
    }

    @Test
    void sendsNothingBeforeOpeningAndNothingPastAfterTwelveHoursDown() {
        forwardTo(15);
        Instant began = clock.instant();
        dispatcher.stop();
        Map<String, UUID> stillTrue = new HashMap<>();
        Map<String, UUID> past = new HashMap<>();
        for (int i = 0; i < EACH; i++) {
            queue(stillTrue, began.plus(Duration.ofHours(23)));
            queue(past, began.plus(Duration.ofHours(5))); // eight in the evening
            queue(past, began.plus(Duration.ofMinutes(15 * 60 + 30))); // half past six, before anybody may be texted
        }
        String refuses = aNumber();
        aPatient(refuses);
        writesUnheard(refuses, "please stop texting me");
        String asks = aNumber();
        aPatient(asks);
        writesUnheard(asks, "AYUDA");
        String blind = aNumber();
        var unchecked = attempts.start(leased(aPatient(blind), "x"), "test").orElseThrow();
        forward(Duration.ofHours(12));
        // control: what was decided before the outage goes out after it without a second look
        senders.adapter(Channel.SMS).send(unchecked);
        boolean red = requestsTo(blind).stream().anyMatch(sent -> outside(sent.at()));
        OUTAGE.control("no second look when the attempt starts", red);
        assertThat(red).isTrue();

        Instant restart = Instant.now();
        dispatcher.start();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> past.values().stream()
                                .allMatch(message -> standing(message).state().equals("suppressed"))
                        && stillTrue.values().stream()
                                .allMatch(message -> "K10.quiet-hours"
                                        .equals(standing(message).reason())));
        Duration recovery = Duration.between(restart, Instant.now());
        assertThat(stillTrue.keySet()).allMatch(number -> requestsTo(number).isEmpty());
        assertThat(List.of(refuses, asks))
                .as("what was said in the afternoon is not answered at three in the morning")
                .allMatch(number -> requestsTo(number).isEmpty());
        forwardTo(10);
        stillTrue.values().forEach(message -> awaitState(message, "delivered"));
        await().atMost(Duration.ofSeconds(30)).until(() -> requestsTo(asks).size() == 1);
        assertThat(requestsTo(refuses))
                .as("K5: a confirmation comes within minutes or not")
                .isEmpty();

        Map<String, List<Sent>> requests = requests();
        List<Sent> sent = stillTrue.keySet().stream()
                .flatMap(number -> requests.getOrDefault(number, List.of()).stream())
                .toList();
        long outside = sent.stream().filter(each -> outside(each.at())).count();
        long lost = stillTrue.keySet().stream()
                .filter(number -> requests.getOrDefault(number, List.of()).isEmpty())
                .count();
        long saidThoughPast =
                past.keySet().stream().filter(requests::containsKey).count();
        OUTAGE.count(FaultReport.INTENTS, stillTrue.size() + past.size())
                .count(FaultReport.LOST, lost)
                .count(FaultReport.DOUBLED, sent.size() - stillTrue.size() + lost)
                .count(FaultReport.OUTSIDE, outside)
                .count("past ones sent", saidThoughPast)
                .figure("backlog decided after ms", recovery.toMillis());
        assertThat(lost).isZero();
        assertThat(sent).hasSize(stillTrue.size());
        assertThat(outside).isZero();
        assertThat(saidThoughPast).isZero();
    }

    private void queue(Map<String, UUID> messages, Instant expires) {
        String number = aNumber();
        messages.put(number, idOf(send(aPatient(number), "x", null, expires)));
    }

    private static boolean outside(Instant at) {
        LocalTime local = at.atZone(ZONE).toLocalTime();
        return local.isBefore(OPENING) || !local.isBefore(CLOSING);
    }

    @Test
    void sendsNothingEarlyWhenTheClockJumpsBackAndNothingTwiceWhenItJumpsAhead() {
        dispatcher.stop();
        Instant now = clock.instant();
        String early = aNumber();
        UUID later = idOf(send(aPatient(early), "x", now.plus(Duration.ofMinutes(30))));
        for (Duration back : List.of(Duration.ofHours(1), Duration.ofDays(1))) {
            assertThat(dispatch.claim(Channel.SMS, "test", LEASE, now.minus(back), 1000))
                    .noneMatch(claim -> claim.message().equals(later));
        }
        dispatcher.start();
        Map<String, UUID> inFlight = new HashMap<>();
        for (Duration ahead : List.of(Duration.ofHours(1), Duration.ofDays(1))) {
            byDay();
            List<UUID> these = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                String number = aNumber();
                UUID message =
                        idOf(send(aPatient(number), "x", null, clock.instant().plus(Duration.ofHours(47))));
                inFlight.put(number, message);
                these.add(message);
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() ->
                            these.stream().anyMatch(message -> standing(message).attempts() > 0));
            forward(ahead);
            these.forEach(message -> await().atMost(Duration.ofSeconds(60))
                    .until(() -> standing(message).sent()));
        }
        Map<String, List<Sent>> requests = requests();
        long doubled = inFlight.keySet().stream()
                .filter(number -> requests.getOrDefault(number, List.of()).stream()
                                .filter(Sent::accepted)
                                .count()
                        > 1)
                .count();
        CLOCKS.count(FaultReport.INTENTS, inFlight.size())
                .count(FaultReport.DOUBLED, doubled)
                .count(FaultReport.LOST, 0);
        assertThat(doubled).isZero();
    }

    /** Every quarter of an hour of three days around both changes. */
    @Test
    void keepsToTheWallClockWhereItChanges() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        AddressId address = addressOf(number);
        int year = clock.instant().atZone(ZONE).getYear() + 1;
        long outside = 0;
        long asked = 0;
        long outsideByFixedOffset = 0;
        for (LocalDate change : List.of(firstSundays(year, 3, 2), firstSundays(year, 11, 1))) {
            ZonedDateTime from = change.minusDays(1).atStartOfDay(ZONE);
            ZonedDateTime to = change.plusDays(2).atStartOfDay(ZONE);
            // else it would first be asked whether the number has changed hands (K9)
            asOwner()
                    .sql("update contact_point set verified_at = ? where address_id = ?")
                    .params(from.toOffsetDateTime(), address.value())
                    .update();
            for (Instant at = from.toInstant(); at.isBefore(to.toInstant()); at = at.plus(Duration.ofMinutes(15))) {
                Instant moment = at;
                SendPolicy.Outlook outlook = inTransaction(() -> policy.outlook(proposal(patient, address), moment));
                asked++;
                Instant until = outlook.until();
                if (outlook.may() && outside(at) || until != null && (outside(until) || until.isBefore(at))) {
                    outside++;
                }
                LocalTime fixed = at.atOffset(ZoneOffset.ofHours(-7)).toLocalTime();
                boolean byFixedOffset = !fixed.isBefore(OPENING) && fixed.isBefore(CLOSING);
                outsideByFixedOffset += byFixedOffset && outside(at) ? 1 : 0;
            }
        }
        CLOCKS.figure("moments around the changes", asked)
                .count(FaultReport.OUTSIDE, outside)
                .control("a fixed offset instead of the zone", outsideByFixedOffset > 0);
        assertThat(outside).isZero();
        assertThat(outsideByFixedOffset).isPositive();
    }

    private static LocalDate firstSundays(int year, int month, int nth) {
        LocalDate first = LocalDate.of(year, month, 1);
        return first.plusDays((7 - first.getDayOfWeek().getValue()) % 7).plusWeeks(nth - 1L);
    }

    private SendPolicy.Proposal proposal(PatientId patient, AddressId address) {
        return new SendPolicy.Proposal(
                "test:" + UUID.randomUUID(),
                null,
                SendPolicy.Stage.SEND,
                patient,
                patients.partyOf(patient),
                address,
                Channel.SMS,
                Senders.senderId(Channel.SMS),
                Purpose.OPERATIONAL,
                Urgency.ROUTINE,
                false,
                100);
    }
}
