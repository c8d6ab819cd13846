package health.throughline.coordination;

import health.throughline.conversation.ConversationHistory;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.Patients;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Gives a person what only a person can settle about who a record is, when it is the feed that raises it. */
@Component
class IdentityTasks {

    private final PersonTasks tasks;
    private final Patients patients;
    private final ConversationHistory conversation;

    IdentityTasks(PersonTasks tasks, Patients patients, ConversationHistory conversation) {
        this.tasks = tasks;
        this.patients = patients;
        this.conversation = conversation;
    }

    @EventListener
    void on(PatientFeed.Disputed disputed) {
        patients.find(disputed.patient())
                .ifPresent(patient -> tasks.privacy(
                        patient, conversation.disclosures(patient.id()).size(), "privacy:" + disputed.patient()));
    }

    @EventListener
    void on(PatientFeed.DeathTakenBack takenBack) {
        patients.find(takenBack.patient()).ifPresent(tasks::livesAfterAll);
    }
}
