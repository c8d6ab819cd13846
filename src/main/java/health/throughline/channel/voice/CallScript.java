package health.throughline.channel.voice;

import health.throughline.channel.Dialogues.Wording;
import health.throughline.channel.twilio.PublicAddress;
import health.throughline.channel.voice.Turn.Step;
import java.util.List;

/** Puts a dialogue into TwiML. Every word comes from the dialogue. Pure. */
final class CallScript {

    private static final int LISTEN_SECONDS = 6;
    private static final int IS_ANYBODY_THERE_SECONDS = 4;
    private static final int TRANSFER_SECONDS = 25;

    private final PublicAddress publicAddress;
    private final VoiceSettings settings;

    CallScript(PublicAddress publicAddress, VoiceSettings settings) {
        this.publicAddress = publicAddress;
        this.settings = settings;
    }

    /** What it is about, and what can be done. */
    String whole(Line line, Turn turn) {
        return menu(line, turn, wording(line, turn).text());
    }

    /** What can be done, after something else. */
    String menu(Line line, Turn turn, String first) {
        Wording wording = wording(line, turn);
        var twiml = new Twiml()
                .gather(url(line, turn.next(Step.MENU)), language(wording), LISTEN_SECONDS)
                .say(first, language(wording), voice(wording), turn.slow())
                .pause(1)
                .say(wording.prompt("menu"), language(wording), voice(wording), turn.slow());
        List<Wording> all = line.dialogue().wordings();
        if (all.size() > 1) {
            Wording other = all.get(other(line, turn));
            twiml.say(other.prompt("switch"), language(other), voice(other), turn.slow());
        }
        return twiml.endGather().end();
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

    /**
     * Who called and the number to call back (K12), nothing else.
     *
     * @param beep whether a machine said that it records; where it did not, it may be a person who spoke for long, such as the operator of
     *     a relay service: then we listen for one before we hang up
     */
    String voicemail(Line line, boolean beep) {
        Turn turn = Turn.FIRST;
        Wording wording = wording(line, turn);
        var twiml = new Twiml().pause(1).say(wording.prompt("voicemail"), language(wording), voice(wording), false);
        return beep
                ? twiml.redirect(url(line, turn.next(Step.LEFT))).end()
                : twiml.gather(url(line, turn.next(Step.DOUBT)), language(wording), IS_ANYBODY_THERE_SECONDS)
                        .say(wording.prompt("anybody-there"), language(wording), voice(wording), false)
                        .endGather()
                        .end();
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
