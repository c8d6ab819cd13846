package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.FaultReport;
import health.throughline.FaultTest;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** R14: who said STOP while nobody listened is heard before anything is said. */
@FaultTest
class CatchUpTest extends TextingTest {

    private static final FaultReport.Row ROW = FaultReport.row("R14", "STOP during downtime");

    @Autowired
    private Dispatcher dispatcher;

    @Autowired
    private Attempts attempts;

    @Autowired
    private Senders senders;

    @Autowired
    private InboundCatchUp catchUp;

    @Autowired
    private ProviderBreakers breakers;

    @Autowired
    private ChannelInbox inbox;

    @AfterEach
    void goOn() {
        if (!dispatcher.isRunning()) {
            dispatcher.start();
        }
    }

    @Test
    void hearsAStopSaidWhileItWasDownBeforeItSpeaks() {
        List<String> exact = List.of(aNumber(), aNumber());
        String inWords = aNumber();
        String goesOn = aNumber();
        List<UUID> kept = new ArrayList<>();
        dispatcher.stop();
        exact.forEach(number -> kept.add(queued(aPatient(number), "x")));
        kept.add(queued(aPatient(inWords), "x"));
        UUID other = queued(aPatient(goesOn), "x");
        writesUnheard(inWords, "please stop texting me");
        exact.forEach(number -> writesUnheard(number, "STOP"));

        // control: without hearing first, the attempt starts
        String blind = aNumber();
        PatientId unheard = aPatient(blind);
        writesUnheard(blind, "STOP");
        boolean startsBlindly = attempts.start(leased(unheard, "x"), "test").isPresent();
        ROW.control("no list read before sending", startsBlindly);
        assertThat(startsBlindly).isTrue();

        dispatcher.start();
        awaitState(other, "delivered");
        kept.forEach(message -> awaitState(message, "suppressed"));
        long after = exact.stream().mapToLong(n -> requestsTo(n).size()).sum()
                // the one confirmation of what was said in words (K5) is no message of the kind that was refused
                + requestsTo(inWords).stream()
                        .filter(sent -> !sent.body().contains("no more messages"))
                        .count();
        ROW.count(FaultReport.INTENTS, kept.size() + 1L)
                .count(FaultReport.AFTER_STOP, after)
                .count(FaultReport.INBOUND_LOST, 0)
                .count(FaultReport.LOST, 0);
        assertThat(after).isZero();
        for (String number : exact) {
            assertThat(count(
                            "select count(*) from consent_event where action = 'revoke' and address_id = ?",
                            addressOf(number).value()))
                    .isPositive();
        }
    }

    @Test
    void takesInWhatIsListedOnceAndOptOutsFirst() {
        String asks = aNumber();
        String stops = aNumber();
        dispatcher.stop();
        // so that the list taken in every few minutes does not come between
        catchUp.needed(Channel.SMS);
        writesUnheard(asks, "Where do I park?");
        writesUnheard(stops, "stop");
        assertThat(catchUp.takeIn(senders.adapter(Channel.SMS))).isGreaterThanOrEqualTo(2);
        assertThat(catchUp.takeIn(senders.adapter(Channel.SMS))).isZero();
        List<UUID> order = asOwner()
                .sql("select address_id from inbound where address_id in (?, ?) order by id")
                .params(addressOf(asks).value(), addressOf(stops).value())
                .query(UUID.class)
                .list();
        assertThat(order)
                .containsExactly(addressOf(stops).value(), addressOf(asks).value());
    }

    /** The state a channel is in after its provider was left alone. */
    @Test
    void hearsFirstAfterAProviderWasAway() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        dispatcher.stop();
        UUID message = queued(patient, "x");
        assertThat(catchUp.heard(Channel.SMS)).isTrue();
        writesUnheard(number, "STOP");
        breakers.opened(Channel.SMS);
        assertThat(catchUp.heard(Channel.SMS)).isTrue();
        dispatcher.start();
        awaitState(message, "suppressed");
        assertThat(requestsTo(number)).isEmpty();
    }

    /** A provider that does not list keeps sending waiting for a while, and not for ever. */
    @Test
    void goesOnAfterAWhileWithAProviderThatDoesNotList() {
        ConversationSettings settings = impatient();
        var silent = new InboundCatchUp(
                senders,
                inbox,
                ledger,
                new JdbcHeard(jdbc) {
                    @Override
                    public java.util.Optional<java.time.Instant> until(Channel channel) {
                        throw new health.throughline.channel.ChannelAdapter.ProviderUnavailable("no list");
                    }
                },
                settings,
                clock);
        silent.needed(Channel.SMS);
        assertThat(silent.heard(Channel.SMS)).isFalse();
        await().atMost(Duration.ofSeconds(20)).until(() -> silent.heard(Channel.SMS));
    }

    private ConversationSettings impatient() {
        return new org.springframework.boot.context.properties.bind.Binder(
                        new org.springframework.boot.context.properties.source.MapConfigurationPropertySource(
                                java.util.Map.of("c.inbound-wait", "2s", "c.inbound-poll", "1m")))
                .bind("c", ConversationSettings.class)
                .get();
    }
}
