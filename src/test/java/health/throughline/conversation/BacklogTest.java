package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Origin;
import health.throughline.conversation.Conversations.Question;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Twelve hours without sending, ended in the night; the carrier's ledger judges what patients got. */
@DisplayName("R11: 12 h outage ending 03:00: nothing before opening, nothing past, one message for each patient")
class BacklogTest extends TextingTest {

    private static final int PATIENTS = Integer.getInteger("throughline.test.patients", 30);

    @Autowired
    private Dispatcher dispatcher;

    @Test
    void drainsAsOneMessageForEachPatientAfterOpeningAndNothingThatIsPast() {
        ZonedDateTime now = clock.instant().atZone(ZONE);
        ZonedDateTime three = now.withHour(15).withMinute(0);
        if (three.isAfter(now)) {
            forward(Duration.between(now, three));
        }
        List<String> numbers = new ArrayList<>();
        List<UUID> messages = new ArrayList<>();
        List<UUID> past = new ArrayList<>();
        fastRate();
        dispatcher.stop();
        try {
            for (int i = 0; i < PATIENTS; i++) {
                String number = aNumber();
                numbers.add(number);
                var patient = aPatient(number);
                messages.add(said(patient, "Heart" + i + "x", Duration.ofHours(40)));
                messages.add(said(patient, "Blood" + i + "x", Duration.ofHours(41)));
                past.add(said(patient, "Gone" + i + "x", Duration.ofHours(6)));
            }
            forward(Duration.ofHours(12));
        } finally {
            dispatcher.start();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> unsettled(past) == 0 && dueNow(messages) == 0);
        Map<String, List<Sent>> night = requests();
        assertThat(numbers).as("before opening").noneMatch(night::containsKey);

        ZonedDateTime then = clock.instant().atZone(ZONE);
        forward(Duration.between(then, then.withHour(9).withMinute(0)));
        await().atMost(Duration.ofSeconds(90)).until(() -> unsettled(messages) == 0);
        ordinaryRate();
        Map<String, List<Sent>> morning = requests();
        for (int i = 0; i < PATIENTS; i++) {
            List<Sent> toOne = morning.getOrDefault(numbers.get(i), List.of());
            assertThat(toOne).hasSize(1);
            assertThat(toOne.getFirst().body())
                    .contains("Heart" + i + "x", "Blood" + i + "x")
                    .doesNotContain("Gone");
        }
        assertThat(count("select count(*) from dispatch where message_id = any(?) and state = 'suppressed'", (Object)
                        past.toArray(UUID[]::new)))
                .isEqualTo(PATIENTS);
    }

    private long unsettled(List<UUID> messages) {
        return count(
                "select count(*) from dispatch where message_id = any(?) and state in ('queued', 'leased', 'attempting')",
                (Object) messages.toArray(UUID[]::new));
    }

    private long dueNow(List<UUID> messages) {
        return asOwner()
                .sql("""
                        select count(*) from dispatch where message_id = any(:messages)
                          and (state = 'queued' and due_at <= :now or state in ('leased', 'attempting'))
                        """)
                .param("messages", messages.toArray(UUID[]::new))
                .param("now", JdbcMessages.utc(clock.instant()))
                .query(Long.class)
                .single();
    }

    private UUID said(PatientId patient, String name, Duration lifetime) {
        Map<String, Object> values = new HashMap<>();
        values.put("provider", "Mercy");
        values.put("givenName", name);
        values.put("visit", LocalDateTime.ofInstant(clock.instant().plus(lifetime), ZONE));
        values.put("place", "Clinic");
        values.put("address", "1 Main St");
        values.put("parking", "none");
        values.put("phone", "303 555 0100");
        UUID journey = UUID.randomUUID();
        Instant until = clock.instant().plus(lifetime);
        return idOf(inTransaction(() -> conversations.send(new Saying(
                "backlog:" + journey,
                patient,
                hospital().id(),
                null,
                "appointment-reminder",
                values,
                false,
                new Question("attendance", until, LocalDateTime.ofInstant(until, ZONE)),
                null,
                until,
                new Author(Author.Kind.JOURNEY, "pre-visit"),
                new Origin(journey, "pre-visit", "none", "none", null, null, 1)))));
    }
}
