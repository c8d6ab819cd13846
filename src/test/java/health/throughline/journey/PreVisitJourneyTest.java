package health.throughline.journey;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.scenario.Clinic.Patient;
import health.throughline.scenario.Clinic.Visit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PreVisitJourneyTest extends JourneyPaths {

    PreVisitJourneyTest() {
        super("pre-visit");
    }

    @Test
    void remindsOnItsDayAndThanksForAYes() {
        var ana = walks(clinic.patient("en"));
        clinic.books(ana, time.inDays(1, 15, 30));
        everythingSettles();
        assertThat(wayOf(ana)).endsWith("WaitForDay");
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        ana.phone().writes("yes");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(wayOf(ana))
                .containsSubsequence(
                        "Booked",
                        "ChooseLadder",
                        "PlanReminder",
                        "ReminderDue",
                        "WaitForDay",
                        "RemindAndAsk",
                        "WhatSaid",
                        "RecordYes",
                        "TellEhr",
                        "EhrSaid",
                        "Thank",
                        "Confirmed");
    }

    @Test
    void passesOnAWishAndTriesAgainUntilItIsSettled() {
        var ana = walks(clinic.patient("en"));
        remindedOf(ana);
        ana.phone().writes("I need another day");
        ana.phone().hasText(2);
        var coordinator = clinic.coordinator();
        coordinator
                .finishes(coordinator.hasTask(ana), "{\"outcome\":\"not_reached\",\"reachedBy\":\"voicemail\"}")
                .good();
        assertThat(coordinator.tasks(ana, "open")).isEmpty();

        time.pass(Duration.ofHours(2));
        var again = coordinator.hasTask(ana);
        assertThat(again.path("reason").asString()).isEqualTo("call-again");
        coordinator
                .finishes(again, "{\"outcome\":\"moved\",\"reachedBy\":\"phone\"}")
                .good();
        journeyEnds(ana, "completed", "Settled");
        assertThat(wayOf(ana))
                .containsSubsequence(
                        "RemindAndAsk",
                        "WhatSaid",
                        "RecordWish",
                        "SayRequested",
                        "HelpPatient",
                        "HowEnded",
                        "TryLater",
                        "HelpPatient",
                        "HowEnded",
                        "RecordOutcome",
                        "Settled");
    }

    @Test
    void asksTwiceThenAPersonThenHearsALateReply() {
        var ana = walks(clinic.patient("en"));
        var visit = remindedOf(ana);
        time.laterToday(20, 45);
        ana.phone().hasText(2);
        time.goTo(visit.start().minusHours(1));
        clinic.coordinator().hasTask(ana);
        ana.phone().writes("yes");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(wayOf(ana))
                .containsSubsequence(
                        "RemindAndAsk",
                        "WhatSaid",
                        "PlanReminder",
                        "RemindAndAsk",
                        "WhatSaid",
                        "PlanReminder",
                        "ReminderDue",
                        "AnybodyAsked",
                        "HelpPatient",
                        "LateReply",
                        "WhatSaid",
                        "RecordYes");
    }

    @Test
    void saysNothingWhenItIsTooLate() {
        var ana = walks(clinic.patient("en"));
        time.laterToday(11, 0);
        clinic.books(ana, time.inDays(0, 12, 30));
        journeyEnds(ana, "completed", "TooLate");
        assertThat(wayOf(ana)).containsSubsequence("ReminderDue", "AnybodyAsked", "TooLate");
        assertThat(messagesTo(ana)).isEmpty();
    }

    @Test
    void endsWhenTheVisitIsCancelledAsThePatientWished() {
        var ana = walks(clinic.patient("en"));
        remindedOf(ana);
        ana.phone().writes("please cancel my appointment");
        journeyEnds(ana, "completed", "Cancelled");
        assertThat(wayOf(ana))
                .containsSubsequence(
                        "WhatSaid", "RecordWish", "SayRequested", "TellEhr", "EhrSaid", "SayCancelled", "Cancelled");
    }

    @Test
    void endsWhenItIsWithdrawn() {
        var ana = walks(clinic.patient("en"));
        clinic.cancels(remindedOf(ana));
        journeyEnds(ana, "withdrawn", "visit-cancelled");
        assertThat(wayOf(ana)).contains("Withdrawn", "WithdrawnStart", "KeepUnsent", "WithdrawnEnd");
    }

    @Test
    void endsWhenTheVisitBegins() {
        var ana = walks(clinic.patient("en"));
        var visit = remindedOf(ana);
        time.laterToday(20, 45);
        ana.phone().hasText(2);
        time.goTo(visit.start().minusHours(1));
        clinic.coordinator().hasTask(ana);
        time.goTo(visit.start());
        journeyEnds(ana, "completed", "VisitTime");
        assertThat(wayOf(ana)).contains("VisitTime", "VisitTimeStart", "KeepLate", "VisitTimeEnd");
    }

    private Visit remindedOf(Patient patient) {
        time.laterToday(11, 0);
        var visit = clinic.books(patient, time.inDays(1, 15, 30));
        patient.phone().hasText(1);
        everythingSettles();
        return visit;
    }
}
