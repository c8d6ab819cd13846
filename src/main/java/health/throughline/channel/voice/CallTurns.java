package health.throughline.channel.voice;

import health.throughline.channel.ChannelInbox;
import health.throughline.channel.Dialogues;
import health.throughline.channel.Dialogues.Understood;
import health.throughline.channel.Dialogues.Wording;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.PlainText;
import health.throughline.channel.twilio.PublicAddress;
import health.throughline.channel.voice.Turn.Step;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * Decides what is said next after a key, words, or nothing. What was chosen is in the inbox before the patient hears that it was taken:
 * where it cannot be kept, the call breaks off rather than thank for it.
 */
@Component
@Conditional(VoiceConfigured.class)
class CallTurns {

    private static final int MAX_TURNS = 30;
    private static final int MAX_MISSES = 2;
    private static final int MAX_WORDS = 1000;

    /** Words the provider is less sure of are not acted on; those that tell of danger always are. */
    private static final double SURE_ENOUGH = 0.4;

    private final Dialogues dialogues;
    private final ChannelInbox inbox;
    private final CallScript script;
    private final Clock clock;

    CallTurns(
            Dialogues dialogues, ChannelInbox inbox, PublicAddress publicAddress, VoiceSettings settings, Clock clock) {
        this.dialogues = dialogues;
        this.inbox = inbox;
        this.script = new CallScript(publicAddress, settings);
        this.clock = clock;
    }

    /** @param answeredBy as Twilio tells it; only the end of a machine's own words is taken for a machine */
    String begins(Line line, String answeredBy) {
        return answeredBy.startsWith("machine_end")
                ? script.voicemail(line, answeredBy.equals("machine_end_beep"))
                : script.whole(line, Turn.FIRST);
    }

    String goesOn(Line line, Turn turn, FormParameters heard) {
        String digits = heard.value("Digits");
        String words = PlainText.of(heard.value("SpeechResult")).strip();
        return switch (turn.step()) {
            case LEFT -> CallScript.hangUp();
            case DOUBT -> digits.isEmpty() && words.isEmpty() ? CallScript.hangUp() : script.whole(line, turn);
            case DIALED -> answered(heard) ? CallScript.hangUp() : callsBack(line, turn, pressed("0"));
            case HELP -> answered(heard) ? CallScript.hangUp() : script.ends(line, turn, Wording.DANGER);
            case MENU -> {
                if (turn.number() > MAX_TURNS) {
                    yield script.ends(line, turn, "goodbye");
                }
                if (!digits.isEmpty()) {
                    yield key(line, turn, digits.substring(0, 1));
                }
                yield words.isEmpty()
                        ? silence(line, turn)
                        : words(
                                line,
                                turn,
                                words.substring(0, Math.min(MAX_WORDS, words.length())),
                                heard.value("Confidence"));
            }
        };
    }

    private String key(Line line, Turn turn, String key) {
        if (line.asks()) {
            String choice = switch (key) {
                case "1" -> "confirm";
                case "2" -> "move";
                case "3" -> "cancel";
                default -> "";
            };
            if (!choice.isEmpty()) {
                return chose(line, turn, choice, pressed(key));
            }
        }
        return switch (key) {
            case "0" -> person(line, turn, pressed(key));
            case "5" ->
                dialogues.textInstead(line.dialogue().answers(), line.patient())
                        ? script.ends(line, turn, "texting")
                        : script.menu(line, turn.heard(), prompt(line, turn, "no-text"));
            case "7" -> script.whole(line, turn.slower());
            case "8" -> script.whole(line, turn.in(script.other(line, turn)));
            case "9" -> {
                received(line, turn, pressed(key), "opt-out");
                yield script.ends(line, turn, "stopped");
            }
            case "*" -> script.whole(line, turn.heard());
            default -> missed(line, turn, pressed(key));
        };
    }

    private String words(Line line, Turn turn, String words, String confidence) {
        Understood understood = dialogues.understand(
                line.dialogue().answers(), words, CallScript.wording(line, turn).locale());
        if (understood.danger()) {
            return danger(line, turn, words);
        }
        if (!sure(confidence)) {
            return missed(line, turn, words);
        }
        return switch (understood.meaning()) {
            case "confirm", "move", "cancel" ->
                line.asks() ? chose(line, turn, understood.meaning(), words) : missed(line, turn, words);
            case "opt-out" -> {
                received(line, turn, words, "opt-out");
                yield script.ends(line, turn, "stopped");
            }
            case "wrong-number" -> {
                received(line, turn, words, "wrong-number");
                yield script.ends(line, turn, "wrong-number");
            }
            case "question" -> person(line, turn, words);
            default -> missed(line, turn, words);
        };
    }

    private String danger(Line line, Turn turn, String words) {
        received(line, turn, words, null);
        String transferTo = line.dialogue().transferTo();
        return transferTo == null
                ? script.ends(line, turn, Wording.DANGER)
                : script.transfers(line, turn, Wording.DANGER, transferTo, Step.HELP);
    }

    private String chose(Line line, Turn turn, String choice, String body) {
        received(line, turn, body, choice);
        return script.ends(line, turn, "heard-" + choice);
    }

    /** Twice unclear is for a person. */
    private String missed(Line line, Turn turn, String body) {
        Turn missed = turn.missed();
        return missed.misses() >= MAX_MISSES
                ? person(line, missed, body)
                : script.menu(line, missed, prompt(line, turn, "not-understood"));
    }

    private String silence(Line line, Turn turn) {
        Turn missed = turn.missed();
        return missed.misses() >= MAX_MISSES ? script.ends(line, missed, "goodbye") : script.menu(line, missed, "");
    }

    private String person(Line line, Turn turn, String body) {
        String transferTo = line.dialogue().transferTo();
        return transferTo == null
                ? callsBack(line, turn, body)
                : script.transfers(line, turn, "transfer", transferTo, Step.DIALED);
    }

    private static boolean answered(FormParameters heard) {
        String status = heard.value("DialCallStatus");
        return status.equals("completed") || status.equals("answered");
    }

    private String callsBack(Line line, Turn turn, String body) {
        received(line, turn, body, "question");
        return script.ends(line, turn, "call-back");
    }

    private void received(Line line, Turn turn, String body, @Nullable String choice) {
        inbox.received(new InboundMessage(
                TwilioVoice.PROVIDER,
                line.callSid() + "-" + turn.number(),
                line.patient(),
                line.ours(),
                body,
                line.raw(),
                clock.instant(),
                line.dialogue().answers(),
                choice,
                false));
    }

    private String prompt(Line line, Turn turn, String name) {
        return CallScript.wording(line, turn).prompt(name);
    }

    /** As it stands in the timeline. */
    private static String pressed(String key) {
        return "(pressed " + key + ")";
    }

    private static boolean sure(String confidence) {
        try {
            return confidence.isBlank() || Double.parseDouble(confidence) >= SURE_ENOUGH;
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
