package health.throughline.channel.voice;

import health.throughline.channel.ChannelInbox;
import health.throughline.channel.DeliveryReport;
import health.throughline.channel.Dialogues;
import health.throughline.channel.Dialogues.Understood;
import health.throughline.channel.Dialogues.Wording;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.PublicAddress;
import health.throughline.channel.voice.Turn.Step;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;
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
    private static final DateTimeFormatter MONTH_DAY_YEAR =
            DateTimeFormatter.ofPattern("MMdduuuu", Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);

    /** As it stands in the timeline; never what was keyed. */
    private static final String NO_MATCH = "(keyed a date of birth that is not the patient's)";

    /** How often we ask whether a person is there: a relay service needs a minute. */
    private static final int ASKS_WHO_IS_THERE = 3;

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

    /**
     * Whom we call has to show that they are a person.
     *
     * @param answeredBy as Twilio tells it; only a machine that records already is taken for one
     */
    String begins(Line line, String answeredBy) {
        report(line, DeliveryReport.Status.SENT, null);
        return answeredBy.equals("machine_end_beep")
                ? script.voicemail(line)
                : script.isAnybodyThere(
                        line, Turn.FIRST, answeredBy.startsWith("machine_end") ? CallScript.VOICEMAIL : CallScript.WHO);
    }

    /** Who calls us is a person. @param known whether the carrier vouches for their number */
    String called(Line line, boolean known) {
        return script.whole(line, known ? Turn.FIRST.asKnown() : Turn.FIRST);
    }

    String goesOn(Line line, Turn turn, FormParameters heard) {
        var said = Said.of(heard);
        return switch (turn.step()) {
            case LEFT -> leaves(line);
            case BIRTH -> birthDate(line, turn, heard.value("Digits"));
            case DOUBT -> isAnybodyThere(line, turn, said);
            case HELP -> answered(heard) ? CallScript.hangUp() : script.ends(line, turn, Wording.DANGER);
            case DIALED, TEXT, MENU -> {
                report(line, DeliveryReport.Status.DELIVERED, null);
                yield turn.step() == Step.DIALED ? dialed(line, turn, heard) : listens(line, turn, said);
            }
        };
    }

    private String listens(Line line, Turn turn, Said said) {
        if (turn.number() > MAX_TURNS) {
            return script.ends(line, turn, "goodbye");
        }
        if (!said.key().isEmpty()) {
            return key(line, turn, said.key());
        }
        if (!said.words().isEmpty()) {
            return words(line, turn, said);
        }
        return turn.step() == Step.TEXT ? script.menu(line, turn, "") : silence(line, turn);
    }

    /** Nothing but a key, or the one short word a person says, opens the message; a greeting never does. */
    private String isAnybodyThere(Line line, Turn turn, Said said) {
        switch (said.key()) {
            case "" -> {}
            case "9" -> {
                return key(line, turn, said.key());
            }
            case "8" -> {
                return script.whole(line, turn.in(script.other(line, turn)));
            }
            default -> {
                return script.whole(line, turn.heard());
            }
        }
        if (said.opens()) {
            return script.whole(line, turn.heard());
        }
        if (!said.words().isEmpty()) {
            Understood understood = understand(line, turn, said);
            boolean refuses = understood.meaning().equals("opt-out")
                    || understood.meaning().equals("wrong-number");
            if (understood.danger() || refuses && said.sure()) {
                return words(line, turn, said);
            }
        }
        Turn missed = turn.missed();
        return missed.misses() < ASKS_WHO_IS_THERE ? script.isAnybodyThere(line, missed, CallScript.WHO) : leaves(line);
    }

    /** Whatever it was has heard, or recorded, who called. */
    private String leaves(Line line) {
        report(line, DeliveryReport.Status.DELIVERED, "voicemail");
        return CallScript.hangUp();
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
            case "6" ->
                unknown(line, turn) ? script.asksBirthDate(line, turn.heard(), "") : missed(line, turn, pressed(key));
            case "5" ->
                dialogues.textInstead(line.dialogue().answers(), line.patient())
                        ? script.ends(line, turn, "texting")
                        : script.menu(line, turn.heard(), prompt(line, turn, "no-text"));
            case "7" -> script.whole(line, turn.slower());
            case "8" -> script.whole(line, turn.in(script.other(line, turn)));
            case "9" -> {
                received(line, turn, pressed(key), refusal(line, turn));
                yield script.ends(line, turn, "stopped");
            }
            case "*" -> script.whole(line, turn.heard());
            default -> missed(line, turn, pressed(key));
        };
    }

    /** A call whose number nobody vouches for. */
    private static boolean unknown(Line line, Turn turn) {
        return line.attempt() == null && !turn.known();
    }

    /** Whoever refuses is heard; where it may have been somebody else, a person asks. */
    private static String refusal(Line line, Turn turn) {
        return unknown(line, turn) ? "opt-out-unvouched" : "opt-out";
    }

    private String birthDate(Line line, Turn turn, String digits) {
        if (digits.isEmpty()) {
            return silence(line, turn);
        }
        if (digits.equals("0") || !unknown(line, turn) || turn.number() > MAX_TURNS) {
            return person(line, turn, pressed("0"));
        }
        Dialogues.Proof proof =
                day(digits).map(day -> dialogues.bornOn(line.patient(), day)).orElse(Dialogues.Proof.WRONG);
        return switch (proof) {
            case RIGHT -> script.whole(line.saying(dialogues.ofCaller(line.patient(), true)), turn.asKnown());
            case WRONG ->
                turn.missed().misses() > MAX_MISSES
                        ? person(line, turn, NO_MATCH)
                        : script.asksBirthDate(line, turn.missed(), prompt(line, turn, "birth-date-wrong"));
            case ENOUGH -> person(line, turn, NO_MATCH);
        };
    }

    /** Month, day and year, as they are keyed in the United States. */
    private static Optional<LocalDate> day(String digits) {
        try {
            return Optional.of(LocalDate.parse(digits, MONTH_DAY_YEAR));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private Understood understand(Line line, Turn turn, Said said) {
        return dialogues.understand(
                line.dialogue().answers(),
                said.words(),
                CallScript.wording(line, turn).locale());
    }

    private String words(Line line, Turn turn, Said said) {
        String words = said.words();
        Understood understood = understand(line, turn, said);
        if (understood.danger()) {
            return danger(line, turn, words);
        }
        if (!said.sure()) {
            return missed(line, turn, words);
        }
        return switch (understood.meaning()) {
            case "confirm", "move", "cancel" ->
                line.asks() ? chose(line, turn, understood.meaning(), words) : missed(line, turn, words);
            case "opt-out" -> {
                received(line, turn, words, refusal(line, turn));
                yield script.ends(line, turn, "stopped");
            }
            case "wrong-number" -> {
                received(line, turn, words, unknown(line, turn) ? "wrong-number-unvouched" : "wrong-number");
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

    private String dialed(Line line, Turn turn, FormParameters heard) {
        return answered(heard) ? CallScript.hangUp() : callsBack(line, turn, pressed("0"));
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

    private void report(Line line, DeliveryReport.Status status, @Nullable String code) {
        if (line.attempt() != null) {
            inbox.reported(new DeliveryReport(
                    TwilioVoice.PROVIDER, line.callSid(), line.attempt(), status, code, clock.instant()));
        }
    }

    private String prompt(Line line, Turn turn, String name) {
        return CallScript.wording(line, turn).prompt(name);
    }

    /** As it stands in the timeline. */
    private static String pressed(String key) {
        return "(pressed " + key + ")";
    }
}
