package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.JdbcInbound.Work;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells who writes of danger, at once and at any hour, what to do until a person calls. Once per message that came; to the very phone it
 * came from, known or not. Not to who refused texts before: for them the call of a person has to do (K5). Who refuses them in the same
 * message is told this once.
 */
@Component
class SafetyAnswer {

    static final String INTENT = "safety:";

    static final String TEXT = "red-flag-answer";
    private static final Duration USEFUL_FOR = Duration.ofMinutes(30);

    private final BackToWriter back;
    private final Patients patients;
    private final Texts texts;

    SafetyAnswer(BackToWriter back, Patients patients, Texts texts) {
        this.back = back;
        this.patients = patients;
        this.texts = texts;
    }

    /** @return whether they were told, in one sentence for the person who takes over */
    String give(Work work, @Nullable PatientProfile patient, @Nullable String wroteIn) {
        if (patients.address(new AddressId(work.address())).channel().equals(Channel.VOICE)) {
            return inTheCall();
        }
        var decision = back.sayOfDanger(INTENT + work.inbound(), work, patient, wroteIn, TEXT, USEFUL_FOR);
        return decision instanceof Refused no
                ? "No automatic answer went: " + no.why()
                : "Told at once by text to call 911 in an emergency.";
    }

    /** A call says it by itself, before this is known here: in the reviewed words, else in the fixed ones of {@code Dialogues.Wording}. */
    private String inTheCall() {
        String fixed = texts.inEveryLanguage(TEXT, Channel.VOICE.code()).stream()
                .filter(text -> !texts.mayGo(text))
                .map(Text::locale)
                .collect(Collectors.joining(", "));
        return "Told at once, in the call, to call 911 in an emergency"
                + (fixed.isEmpty()
                        ? "."
                        : "; in fixed words where nobody has reviewed the text \"" + TEXT + "\" (" + fixed + ").");
    }
}
