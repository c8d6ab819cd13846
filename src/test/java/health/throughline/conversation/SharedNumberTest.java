package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.care.Appointment;
import health.throughline.care.AppointmentId;
import health.throughline.care.Appointments;
import health.throughline.channel.Channel;
import health.throughline.channel.OutboundMessage;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Origin;
import health.throughline.conversation.Conversations.Question;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.patient.PatientFeed.Telecom;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

@DisplayName("K8: where another adult reads too, a message says who writes and whom to call, and no more")
class SharedNumberTest extends TextingTest {

    private static final String LEAST =
            "Mercy: We have a message for one of the people who use this number. Please call"
                    + " us: 303 555 0100. Text STOP to end, HELP for help.";

    @Autowired
    private Attempts attempts;

    @Autowired
    private TextInstead textInstead;

    @Autowired
    private JdbcMessages messages;

    @Autowired
    private Appointments appointments;

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
        await().until(() -> count(
                        "select count(*) from inbound_work where address_id = ? and state <> 'received'",
                        addressOf(number).value())
                == 1);
        assertThat(text(decided(ana, true))).contains("Hello Ana");
    }

    @ParameterizedTest
    @DisplayName(
            "K8, K13: who picks up the patient's own phone may hear of the visit there, and has no say over the other")
    @CsvSource({"false, false", "true, false", "true, true"})
    void aKeyInACallSendsTheVisitToNoPhoneThatAnotherAdultReads(boolean read, boolean sensitive) {
        String shared = aNumber();
        PatientId ana = aPatient(
                "Ana",
                null,
                List.of(
                        new Telecom("phone", aNumber(), "home", 1, null, null),
                        new Telecom("phone", shared, "mobile", 2, null, null)));
        UUID call = asked(ana, sensitive ? aSensitiveVisit(ana) : null);
        if (read) {
            aPatient(shared, "Ben", null);
        }
        assertThat(textInstead(call)).isNotEqualTo(read);
        assertThat(count(
                        "select count(*) from message where patient_id = ? and intent like 'text-instead:%'",
                        ana.value()))
                .isEqualTo(read ? 0 : 1);
    }

    /** As when somebody presses 5 in the call. */
    private boolean textInstead(UUID call) {
        return inTransaction(() -> textInstead.about(messages.find(call).orElseThrow(), "Mercy", "303 555 0100"));
    }

    private UUID asked(PatientId patient, @Nullable AppointmentId visit) {
        return decided(patient, false, Reach.by(Channel.VOICE), visit);
    }

    private AppointmentId aSensitiveVisit(PatientId patient) {
        Instant start = clock.instant().plus(Duration.ofDays(1));
        return inTransaction(() -> appointments
                .apply(new Appointments.AppointmentRecord(
                        "ehr",
                        "a" + UUID.randomUUID(),
                        "1",
                        1,
                        clock.instant(),
                        Appointment.Status.BOOKED,
                        patient,
                        hospital().id(),
                        null,
                        null,
                        start.atZone(ZONE).toLocalDateTime(),
                        ZONE,
                        start,
                        null,
                        List.of(),
                        true))
                .appointment()
                .id());
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
        return decided(patient, answer, Reach.best(), null);
    }

    private UUID decided(PatientId patient, boolean answer, Reach reach, @Nullable AppointmentId about) {
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
                new Origin(
                        journey,
                        "pre-visit",
                        "none",
                        "none",
                        about == null ? null : "appointment",
                        about == null ? null : about.value(),
                        1),
                reach))));
    }
}
