package health.throughline.channel.voice;

import health.throughline.channel.Dialogues.Wording;
import health.throughline.channel.twilio.PublicAddress;
import health.throughline.channel.voice.Turn.Step;
import java.util.List;

/** Puts a dialogue into TwiML. Every word comes from the dialogue. Pure. */
final class CallScript {

    private static final int LISTEN_SECONDS = 6;

    /** The operator of a relay service types what she hears, and speaks what is typed to her. */
    private static final int IS_ANYBODY_THERE_SECONDS = 8;

    private static final int AFTER_THE_TEXT_SECONDS = 1;
    private static final int TRANSFER_SECONDS = 25;
    private static final int BIRTH_DATE_DIGITS = 8;
    private static final int BIRTH_DATE_SECONDS = 10;

    static final String WHO = "who";
    static final String VOICEMAIL = "voicemail";

    private final PublicAddress publicAddress;
    private final VoiceSettings settings;

    CallScript(PublicAddress publicAddress, VoiceSettings settings) {
        this.publicAddress = publicAddress;
        this.settings = settings;
    }

    /**
     * What it is about, then what can be done. In a call of ours the two are asked for one after the other: the second request shows that
     * the first was heard to its end.
     */
    String whole(Line line, Turn turn) {
        Wording wording = wording(line, turn);
        if (line.attempt() == null) {
            return menu(line, turn, wording.text());
        }
        return new Twiml()
                .gather(url(line, turn.next(Step.TEXT)), language(wording), AFTER_THE_TEXT_SECONDS)
                .say(wording.text(), language(wording), voice(wording), turn.slow())
                .endGather()
                .end();
    }

    /** What can be done, after something else. */
    String menu(Line line, Turn turn, String first) {
        Wording wording = wording(line, turn);
        var twiml = new Twiml()
                .gather(url(line, turn.next(Step.MENU)), language(wording), LISTEN_SECONDS)
                .say(first, language(wording), voice(wording), turn.slow());
        if (!first.isBlank()) {
            twiml.pause(1);
        }
        twiml.say(wording.prompt("menu"), language(wording), voice(wording), turn.slow());
        return inTheOther(twiml, line, turn, turn.slow()).endGather().end();
    }

    private Twiml inTheOther(Twiml twiml, Line line, Turn turn, boolean slow) {
        List<Wording> all = line.dialogue().wordings();
        if (all.size() > 1) {
            Wording other = all.get(other(line, turn));
            twiml.say(other.prompt("switch"), language(other), voice(other), slow);
        }
        return twiml;
    }

    /** @param first said before we ask for the date of birth */
    String asksBirthDate(Line line, Turn turn, String first) {
        Wording wording = wording(line, turn);
        return new Twiml()
                .gatherDigits(url(line, turn.next(Step.BIRTH)), BIRTH_DATE_DIGITS, BIRTH_DATE_SECONDS)
                .say(first, language(wording), voice(wording), turn.slow())
                .say(wording.prompt("birth-date"), language(wording), voice(wording), turn.slow())
                .endGather()
                .end();
    }

    /** The language that comes after this one. */
    int other(Line line, Turn turn) {
        return (turn.wording() + 1) % line.dialogue().wordings().size();
    }

    String ends(Line line, Turn turn, String prompt) {
        Wording wording = wording(line, turn);
        return new Twiml()
                .say(wording.prompt(prompt), language(wording), voice(wording), turn.slow())
                .hangUp();
    }

    /** @param then what the provider asks about once nobody speaks any more */
    String transfers(Line line, Turn turn, String prompt, String number, Step then) {
        Wording wording = wording(line, turn);
        return new Twiml()
                .say(wording.prompt(prompt), language(wording), voice(wording), turn.slow())
                .dial(number, url(line, turn.next(then)), TRANSFER_SECONDS)
                .hangUp();
    }

    /** Who called and the number to call back (K12), nothing else, to a machine that said it records. */
    String voicemail(Line line) {
        Wording wording = wording(line, Turn.FIRST);
        return new Twiml()
                .pause(1)
                .say(wording.prompt(VOICEMAIL), language(wording), voice(wording), false)
                .redirect(url(line, Turn.FIRST.next(Step.LEFT)))
                .end();
    }

    /**
     * Who calls, our number, how to hear the rest and how to end such calls (K16): nothing else until a person has shown (K12), since a
     * short greeting sounds like one and a relay service's operator like a machine. Slower when it is said again.
     *
     * @param first the prompt that says who calls
     */
    String isAnybodyThere(Line line, Turn turn, String first) {
        Wording wording = wording(line, turn);
        boolean slow = turn.misses() > 0;
        String who = wording.prompt(first);
        var twiml = new Twiml()
                .gather(url(line, turn.next(Step.DOUBT)), language(wording), IS_ANYBODY_THERE_SECONDS)
                .say(who.isBlank() ? wording.prompt(VOICEMAIL) : who, language(wording), voice(wording), slow)
                .say(wording.prompt("anybody-there"), language(wording), voice(wording), slow);
        return inTheOther(twiml, line, turn, slow).endGather().end();
    }

    static String hangUp() {
        return new Twiml().hangUp();
    }

    private String url(Line line, Turn turn) {
        return publicAddress.of(line.path() + "/" + turn.path());
    }

    static Wording wording(Line line, Turn turn) {
        List<Wording> all = line.dialogue().wordings();
        return all.get(turn.wording() % all.size());
    }

    private static String language(Wording wording) {
        return switch (wording.locale()) {
            case "en" -> "en-US";
            case "es" -> "es-US";
            default -> wording.locale();
        };
    }

    private @org.jspecify.annotations.Nullable String voice(Wording wording) {
        return settings.voice(wording.locale());
    }
}
