package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContactPatientJourneyTest extends JourneyPaths {

    ContactPatientJourneyTest() {
        super("contact-patient");
    }

    @Test
    void saysItHearsTheAnswerAndThanks() {
        var ana = walks(clinic.patient("en"));
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        ana.phone().writes("yes");
        journeyEnds(ana, "completed", "Confirmed");
        var contacts = callsFor(ana);
        assertThat(contacts).hasSize(2);
        assertThat(contacts.getFirst())
                .containsExactly(
                        "Start", "SayIt", "WillItGo", "AnswerExpected", "WaitForAnswer", "Replied", "Answered");
        assertThat(contacts.getLast()).containsExactly("Start", "SayIt", "WillItGo", "AnswerExpected", "Said");
    }

    @Test
    void tellsWhenThePatientCannotBeReached() {
        var ana = walks(clinic.patient("vi"));
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(1, 15, 30));
        clinic.coordinator().hasTask(ana);
        assertThat(callsFor(ana).getFirst()).containsSubsequence("SayIt", "WillItGo", "NotReachable");
    }

    @Test
    void tellsWhenTheMessageDoesNotArrive() {
        var ana = walks(clinic.patientWithNumberEnding("en", "0151"));
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(1, 15, 30));
        var task = clinic.coordinator().hasTask(ana);
        assertThat(task.path("reason").asString()).isEqualTo("unreachable");
        assertThat(callsFor(ana).getFirst()).containsSubsequence("WaitForAnswer", "Failed", "Undelivered");
    }

    @Test
    void countsTheTimeToAnswerFromTheSending() {
        var ana = walks(clinic.patient("en"));
        time.laterToday(22, 0);
        clinic.books(ana, time.inDays(1, 20, 0));
        everythingSettles();
        assertThat(messagesTo(ana)).containsExactly("queued");

        // meant for eight o'clock; goes out when the system is up again
        time.nextDay(15, 45);
        ana.phone().hasText(1);
        everythingSettles();
        assertThat(callsFor(ana).getFirst())
                .containsSubsequence("TimeToAnswer", "CheckWait", "HadTheTime", "WaitForAnswer")
                .doesNotContain("NoAnswer");
        ana.phone().writes("yes");
        journeyEnds(ana, "completed", "Confirmed");
    }

    @Test
    void tellsWhenThereIsNoAnswer() {
        var ana = walks(clinic.patient("en"));
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(1, 15, 30));
        ana.phone().hasText(1);
        time.laterToday(20, 45);
        ana.phone().hasText(2);
        assertThat(callsFor(ana).getFirst())
                .containsSubsequence("WaitForAnswer", "TimeToAnswer", "CheckWait", "HadTheTime", "NoAnswer");
    }
}
