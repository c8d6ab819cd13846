package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.conversation.AsInProduction;
import health.throughline.scenario.Clinic.Patient;
import health.throughline.scenario.Clinic.Visit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;

/** Calls, as patients hear them: the automated one after silence, and their own to us (C4; K12, K15, K16). */
class VoiceScenarioTest extends ScenarioTest {

    @Autowired
    private ApplicationContext context;

    @Test
    @DisplayName(
            "I4 scene 2: silence, a call, its voicemail, a task; a person calls while automation waits, and settles it")
    void playsTheSecondSceneWithVoice() {
        var ana = clinic.patient("en");
        ana.phone().answers("voicemail");
        var visit = silentTwice(ana);
        var coordinator = clinic.coordinator();

        String voicemail = ana.phone().heardInCall(1);
        assertThat(voicemail)
                .contains("automated call from Mercy Valley", "3 0 3, 5 5 5, 0 1 0 0")
                .doesNotContain("Ana", "visit", "Cardiology", "East Building", "press");
        everythingSettles();
        assertThat(messagesTo(ana)).containsExactly("delivered", "delivered", "delivered");
        assertThat(coordinator.tasks(ana, "open"))
                .as("a voicemail asks nobody: the wait goes on")
                .isEmpty();

        time.laterToday(19, 30);
        JsonNode task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("no-answer");
        assertThat(task.path("tried").toString()).contains("by call");
        JsonNode call = coordinator.calls(task).good();
        clinic.books(ana, time.inDays(1, 11, 0));
        everythingSettles();
        assertThat(ana.phone().calls()).as("automation waits while they speak").hasSize(1);
        coordinator.ends(call, "{\"outcome\":\"reached-confirmed\"}").good();
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    /** A call is heard by whoever is near, and a voicemail by whoever has the phone. */
    @Test
    @DisplayName("K13: nobody is called by a machine about a visit that is for the patient alone; a person has it")
    void k13CallsNobodyAboutASensitiveVisit() {
        var ana = clinic.patient("en");
        ana.phone().answers("voicemail");
        clinic.booksVisitsOf("BH-FU");
        silentTwice(ana);
        assertThat(clinic.coordinator().hasTask(ana).path("reason").asString()).isEqualTo("no-answer");
        everythingSettles();
        assertThat(ana.phone().calls()).isEmpty();
    }

    @Test
    void hearsAKeyPressedInACall() {
        var ana = clinic.patient("en");
        ana.phone().answers("person", "hello", "-", "1");
        var visit = silentTwice(ana);
        assertThat(ana.phone().heardInCall(1))
                .startsWith(
                        "Hello. This is an automated call from Mercy Valley. Our number is 3 0 3, 5 5 5, 0 1 0 0.\n")
                .contains(
                        "for Ana. Your visit is on ",
                        "press 1",
                        "press 0",
                        "press 9",
                        "Para español, oprima 8.",
                        "We pass on that you will come")
                .doesNotContain("Cardiology");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
        assertThat(ana.phone().calls())
                .as("thanked in the call, not by another")
                .hasSize(1);
    }

    @Test
    @DisplayName("K16: who presses 9 before the message hears that it stops, and is called no more")
    void stopsCallingWhoAsksForThat() {
        var ana = clinic.patient("en");
        ana.phone().answers("person", "9");
        silentTwice(ana);
        assertThat(ana.phone().heardInCall(1))
                .contains("Our number is ", "You will get no more automated calls")
                .doesNotContain("Ana", "visit");
        JsonNode task = clinic.coordinator().hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("opted-out");
        Integer revoked = inTransaction(
                () -> jdbc.sql("""
                        select count(*) from consent_event e join address a on a.id = e.address_id
                        join contact_point c on c.address_id = a.id
                        where e.action = 'revoke' and a.channel = 'voice' and c.patient_id = ?
                        """).param(ana.id()).query(Integer.class).single());
        assertThat(revoked).isEqualTo(1);
    }

    @Test
    void takesARelayServiceForThePersonItSpeaksFor() {
        var ana = clinic.patient("en");
        ana.phone().answers("relay", "this is relay operator twelve", "-", "yes", "yes");
        var visit = silentTwice(ana);
        assertThat(ana.phone().heardInCall(1)).contains("for Ana. Your visit is on ");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    /** K12: a greeting of two seconds sounds like a person to the carrier. */
    @Test
    void tellsOfNoVisitWhereAShortGreetingAnswers() {
        var ana = clinic.patient("en");
        ana.phone().answers("person", "hello you have reached Ana please leave a message");
        silentTwice(ana);
        assertThat(ana.phone().heardInCall(1))
                .contains("automated call from Mercy Valley", "3 0 3, 5 5 5, 0 1 0 0", "Para español, oprima 8.")
                .doesNotContain("Ana", "Your visit", "Cardiology", "East Building");
        everythingSettles();
        assertThat(messagesTo(ana)).endsWith("delivered");
        assertThat(clinic.coordinator().tasks(ana, "open")).isEmpty();
    }

    @Test
    void goesOnInSpanishAtAKey() {
        var ana = clinic.patient("en");
        ana.phone().answers("person", "8", "-", "2");
        silentTwice(ana);
        assertThat(ana.phone().heardInCall(1))
                .contains(
                        "Su visita es el ",
                        "Si va a venir, oprima 1",
                        "For English, press 8",
                        "todavía no está cambiada");
        assertThat(clinic.coordinator().hasTask(ana).path("reason").asString()).isEqualTo("asks-to-move");
    }

    @Test
    void callsALandlineFirstAndTextsItNever() {
        var ana = clinic.patientWithLandlineOnly("en");
        ana.phone().answers("person", "hello", "-", "5", "1");
        time.laterToday(11, 0);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        assertThat(ana.phone().heardInCall(1)).contains("We cannot send a text message to this number");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
        assertThat(ana.phone().texts()).isEmpty();
    }

    @Test
    void knowsTheOpenQuestionOfWhoCalls() {
        var ana = clinic.patient("en");
        time.laterToday(11, 0);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        everythingSettles();
        ana.phone().calls("1");
        assertThat(ana.phone().heardInCall(1))
                .contains("We have a visit on ", "3:30 PM", "press 1")
                .doesNotContain("Ana");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    @Test
    void saysNothingOfAVisitToWhomNoCarrierVouchesFor() {
        var ana = clinic.patient("en");
        time.laterToday(11, 0);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        everythingSettles();
        ana.phone().callsUnvouchedFor("3", "hang-up");
        assertThat(ana.phone().heardInCall(1))
                .contains("press 0", "To hear about a visit, press 6")
                .doesNotContain("3:30", "We have a visit", "press 1", "press 3");
        var stranger = clinic.strangersPhone();
        stranger.callsUnvouchedFor("hang-up");
        assertThat(stranger.heardInCall(1))
                .as("the same to a number nobody has")
                .isEqualTo(ana.phone()
                        .heardInCall(1)
                        .lines()
                        .limit(stranger.heardInCall(1).lines().count())
                        .collect(java.util.stream.Collectors.joining("\n", "", "\n")));

        ana.phone().callsUnvouchedFor("6", "05071970", "05061970", "1");
        assertThat(ana.phone().heardInCall(2))
                .contains("That is not what we have on record", "We have a visit on ", "3:30 PM", "press 1");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    @Test
    void takesThreeDatesOfBirthAnHourForANumberAndThenAPerson() {
        var ana = clinic.patient("en");
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        everythingSettles();
        ana.phone().callsUnvouchedFor("6", "01011970", "01021970", "hang-up");
        ana.phone().heardInCall(1);
        ana.phone().callsUnvouchedFor("6", "01031970", "05061970", "1");
        assertThat(ana.phone().heardInCall(2)).doesNotContain("3:30", "We have a visit");
        everythingSettles();
        assertThat(journeyOf(ana).state()).isEqualTo("active");

        time.laterToday(13, 0);
        ana.phone().callsUnvouchedFor("6", "05061970", "hang-up");
        assertThat(ana.phone().heardInCall(3)).contains("We have a visit on ");
    }

    @Test
    @DisplayName("K3: a refusal is heard whoever calls; a person asks where it may have been somebody else")
    void k3TakesARefusalFromWhomNoCarrierVouchesForAndAsksAPerson() {
        var ana = clinic.patient("en");
        ana.phone().callsUnvouchedFor("9");
        assertThat(ana.phone().heardInCall(1)).contains("You will get no more automated calls");
        var coordinator = clinic.coordinator();
        assertThat(coordinator.hasTask(ana).path("reason").asString()).isEqualTo("opt-out-unvouched");
        assertThat(coordinator.foresees(ana, "Hello").path("outcome").asString())
                .isEqualTo("may-not");
    }

    @Test
    @DisplayName(
            "K9: wrong number, said by whom no carrier vouches for, stops messages there and ends nobody's journey")
    void k9TakesAWrongNumberFromWhomNoCarrierVouchesForAsNoProof() {
        var ana = clinic.patient("en");
        time.laterToday(11, 0);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        everythingSettles();

        ana.phone().callsUnvouchedFor("wrong number");

        ana.phone().heardInCall(1);
        var coordinator = clinic.coordinator();
        JsonNode task = coordinator.hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("wrong-number-unvouched");
        assertThat(task.path("title").asString()).contains("does not vouch");
        assertThat(coordinator.foresees(ana, "Hello").path("outcome").asString())
                .isEqualTo("may-not");
        everythingSettles();
        assertThat(journeyOf(ana).state()).isEqualTo("active");
        ana.phone().writes("yes");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    @Test
    void saysNothingOfAVisitWhereSeveralShareTheNumber() {
        var ana = clinic.patient("en");
        clinic.patientOnThePhoneOf(ana, "Ben");
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        ana.phone().calls("1");
        assertThat(ana.phone().heardInCall(1))
                .contains("Several people share this number", "press 0")
                .doesNotContain("3:30", "press 1");
        everythingSettles();
        assertThat(journeyOf(ana).state()).isEqualTo("active");
    }

    @Test
    void tellsOfDangerInACallAtOnce() {
        var ana = clinic.patient("en");
        ana.phone().answers("person", "hello", "I have chest pain and cannot breathe");
        silentTwice(ana);
        assertThat(ana.phone().heardInCall(1)).contains("hang up and call 9 1 1 now");
        var coordinator = clinic.coordinator();
        soon().untilAsserted(() -> assertThat(coordinator.tasks(ana, "open"))
                .anySatisfy(task -> assertThat(task.path("reason").asString()).isEqualTo("red-flag")));
    }

    /** As production is before a named person has read the answer: silence is the one wrong answer. */
    @Test
    void tellsOfDangerInACallWhereNobodyHasReviewedTheWords() throws ReflectiveOperationException {
        var ana = clinic.patient("en");
        ana.phone().answers("person", "I have chest pain and cannot breathe");
        try (var production = new AsInProduction(context)) {
            silentTwice(ana);
            assertThat(ana.phone().heardInCall(1))
                    .contains("If this is an emergency, hang up and call 9 1 1 now.")
                    .doesNotContain("Our staff are being told");
            var coordinator = clinic.coordinator();
            soon().untilAsserted(() -> assertThat(coordinator.tasks(ana, "open"))
                    .anySatisfy(task -> assertThat(task.path("title").asString())
                            .contains(
                                    "Told at once, in the call",
                                    "in fixed words where nobody has reviewed",
                                    "(en, es)")));
        }
    }

    /** Booked eight days ahead, reminded twice by text; the morning after the second, somebody is called. */
    private Visit silentTwice(Patient patient) {
        var visit = clinic.books(patient, time.inDays(8, 15, 30));
        time.nextDay(10, 0);
        patient.phone().hasText(1);
        time.nextDay(10, 5);
        everythingSettles();
        time.goTo(visit.start().minusDays(2).withHour(10).withMinute(0));
        patient.phone().hasText(2);
        time.nextDay(9, 0);
        return visit;
    }
}
