package health.throughline.channel.voice;

import org.jspecify.annotations.Nullable;

/** Writes the few verbs of TwiML that calls need (Twilio, "TwiML for Programmable Voice"). */
final class Twiml {

    private static final String SLOW = "75%";

    private final StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>");

    Twiml say(String text, String language, @Nullable String voice, boolean slow) {
        if (text.isBlank()) {
            return this;
        }
        xml.append("<Say language=\"").append(escaped(language)).append('"');
        if (voice != null) {
            xml.append(" voice=\"").append(escaped(voice)).append('"');
        }
        xml.append('>');
        xml.append(
                slow && voice != null
                        ? "<prosody rate=\"" + SLOW + "\">" + escaped(text) + "</prosody>"
                        : escaped(text));
        xml.append("</Say>");
        return this;
    }

    Twiml pause(int seconds) {
        xml.append("<Pause length=\"").append(seconds).append("\"/>");
        return this;
    }

    /** One key, or words, while what follows up to {@link #endGather} is spoken and for a while after; then the action, come what may. */
    Twiml gather(String action, String language, int seconds) {
        xml.append(
                        "<Gather input=\"dtmf speech\" numDigits=\"1\" finishOnKey=\"\" speechTimeout=\"auto\" profanityFilter=\"false\"")
                .append(" actionOnEmptyResult=\"true\" method=\"POST\" timeout=\"")
                .append(seconds)
                .append("\" language=\"")
                .append(escaped(language))
                .append("\" action=\"")
                .append(escaped(action))
                .append("\">");
        return this;
    }

    /** So many digits, while what follows is spoken and for a while after; fewer where they end with #. */
    Twiml gatherDigits(String action, int digits, int seconds) {
        xml.append("<Gather input=\"dtmf\" numDigits=\"")
                .append(digits)
                .append("\" finishOnKey=\"#\" actionOnEmptyResult=\"true\" method=\"POST\" timeout=\"")
                .append(seconds)
                .append("\" action=\"")
                .append(escaped(action))
                .append("\">");
        return this;
    }

    Twiml endGather() {
        xml.append("</Gather>");
        return this;
    }

    Twiml redirect(String url) {
        xml.append("<Redirect method=\"POST\">").append(escaped(url)).append("</Redirect>");
        return this;
    }

    Twiml dial(String number, String action, int seconds) {
        xml.append("<Dial method=\"POST\" timeout=\"")
                .append(seconds)
                .append("\" action=\"")
                .append(escaped(action))
                .append("\">")
                .append(escaped(number))
                .append("</Dial>");
        return this;
    }

    String hangUp() {
        return xml + "<Hangup/></Response>";
    }

    String end() {
        return xml + "</Response>";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
