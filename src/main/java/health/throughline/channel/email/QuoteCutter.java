package health.throughline.channel.email;

import java.util.List;
import java.util.regex.Pattern;

/** Leaves of a mail what its writer wrote: mail programs put the mail that is answered below, and a signature. */
final class QuoteCutter {

    private static final int MOST_LINES = 2_000;

    /** Everything from such a line on is not the writer's. */
    private static final List<Pattern> ENDS = List.of(
            Pattern.compile("^--\\s*$"),
            Pattern.compile("^_{10,}\\s*$"),
            Pattern.compile(
                    "^-{2,}\\s*(original message|forwarded message|mensaje original|mensaje reenviado).*",
                    Pattern.CASE_INSENSITIVE),
            Pattern.compile(
                    "^(on|el|am|le|il|em|op)\\b.{4,200}\\b(wrote|escribió|schrieb|a écrit|ha"
                            + " scritto|escreveu|schreef)\\s*:\\s*$",
                    Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE),
            Pattern.compile("^(from|de|von|da)\\s*:\\s*.+@.+", Pattern.CASE_INSENSITIVE),
            Pattern.compile("^(sent|get) (from|outlook for) .{0,60}$", Pattern.CASE_INSENSITIVE),
            Pattern.compile("^enviado (desde|de) (mi|meu) .{0,60}$", Pattern.CASE_INSENSITIVE));

    private QuoteCutter() {}

    static String cut(String text) {
        String[] lines = text.split("\\R", MOST_LINES);
        StringBuilder own = new StringBuilder();
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            // long "On … wrote:" lines are broken in two
            String joined = i + 1 < lines.length ? line + " " + lines[i + 1].strip() : line;
            if (ends(line) || (line.matches("(?i)(on|el) .*") && ends(joined))) {
                break;
            }
            if (!line.startsWith(">")) {
                own.append(lines[i].stripTrailing()).append('\n');
            }
        }
        return own.toString().strip();
    }

    private static boolean ends(String line) {
        return ENDS.stream().anyMatch(end -> end.matcher(line).matches());
    }
}
