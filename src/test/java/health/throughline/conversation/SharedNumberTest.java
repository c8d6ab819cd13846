package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.channel.Channel;
import health.throughline.channel.OutboundMessage;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Origin;
import health.throughline.conversation.Conversations.Question;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@DisplayName("K8: where another adult reads too, a message says who writes and whom to call, and no more")
class SharedNumberTest extends TextingTest {

    private static final String LEAST =
            "Mercy: We have a message for one of the people who use this number. Please call"
                    + " us: 303 555 0100. Text STOP to end, HELP for help.";

    @Autowired
    private Attempts attempts;

    @Test
    void saysToTwoAdultsOnOneNumberOnlyWhomToCall() {
        String number = aNumber();
        PatientId ana = aPatient(number, "Ana", null);
        assertThat(said(ana)).as("the control: hers alone").contains("Hello Ana", "Clinic", "1 Main St");
        PatientId ben = aPatient(number, "Ben", LocalDate.of(1970, 5, 6));
        assertThat(said(ana)).isEqualTo(LEAST);
        assertThat(said(ben)).isEqualTo(LEAST);
        assertThat(count("select count(*) from question_item where patient_id = ?", ben.value()))
                .as("nobody is asked what they were not told")
                .isZero();
        assertThat(count("select count(*) from question_item where patient_id = ?", ana.value()))
                .isOne();
    }

    @Test
    void saysToAMotherAndHerChildrenWhatTheyNeedUntilOneIsOfAge() {
        String number = aNumber();
        PatientId mother = aPatient(number, "Ana", LocalDate.of(1985, 5, 6));
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZONE);
        PatientId child = aChild(number, "Luz");
        assertThat(said(mother)).contains("Hello Ana");
        assertThat(said(child)).contains("Hello Luz");
        PatientId grown = aPatient(number, "Zoe", today.minusYears(18));
        assertThat(said(grown)).isEqualTo(LEAST);
        assertThat(said(mother)).isEqualTo(LEAST);
        assertThat(said(child)).as("a child's text is its parents' to read").contains("Hello Luz");
    }

    @Test
    void answersWhoeverWroteAsTheyWrote() {
        String number = aNumber();
        PatientId ana = aPatient(number, "Ana", null);
        aPatient(number, "Ben", null);
        inbound(number, aSid(), "is there parking?");
        assertThat(text(decided(ana, true))).contains("Hello Ana");
    }

    private String said(PatientId patient) {
        return text(decided(patient, false));
    }

    private String text(UUID message) {
        JdbcDispatch.Claim claim = inTransaction(() -> jdbc.sql("""
                        update dispatch set state = 'leased', fence = fence + 1, lease_owner = 'test', lease_until = ?
                        where message_id = ? and state = 'queued' returning message_created_at, address_id, fence, units
                        """)
                .params(JdbcMessages.utc(clock.instant().plus(Duration.ofHours(12))), message)
                .query((row, n) -> new JdbcDispatch.Claim(
                        message,
                        JdbcMessages.instant(row, "message_created_at"),
                        row.getObject("address_id", UUID.class),
                        row.getInt("fence"),
                        row.getInt("units")))
                .single());
        OutboundMessage wire = attempts.start(claim, "test").orElseThrow();
        assertThat(wire.to().channel()).isEqualTo(Channel.SMS);
        assertThat(wire.parts()).doesNotContainKey("minimal");
        // never sent: the limits of a day, and the hours between messages, are not meant here
        asOwner()
                .sql("delete from dispatch where message_id = ?")
                .param(message)
                .update();
        return wire.body();
    }

    private UUID decided(PatientId patient, boolean answer) {
        String given = inTransaction(() -> patients.find(patient).orElseThrow().givenName());
        LocalDateTime visit = LocalDateTime.ofInstant(clock.instant().plus(Duration.ofDays(1)), ZONE);
        Map<String, Object> values = new HashMap<>();
        values.put("provider", "Mercy");
        values.put("givenName", given);
        values.put("visit", visit);
        values.put("place", "Clinic");
        values.put("address", "1 Main St");
        values.put("parking", "none");
        values.put("phone", "303 555 0100");
        UUID journey = UUID.randomUUID();
        Instant until = clock.instant().plus(Duration.ofHours(20));
        return idOf(inTransaction(() -> conversations.send(new Saying(
                "shared:" + journey,
                patient,
                hospital().id(),
                null,
                "appointment-reminder",
                values,
                answer,
                new Question("attendance", until, visit),
                clock.instant().plus(Duration.ofMinutes(30)),
                until,
                new Author(Author.Kind.JOURNEY, "pre-visit"),
                new Origin(journey, "pre-visit", "none", "none", null, null, 1)))));
    }
}
