package health.throughline.channel.email;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Leaves of a mail what its writer wrote: mail programs put the mail that is answered below, or above, and a signature. Quoted lines are
 * left out wherever they stand, and what is written below them is kept.
 */
final class QuoteCutter {

    private static final int MOST_LINES = 2_000;

    /** What mail programs put between the words is shorter; a longer line is the writer's. */
    private static final int LONGEST_MARK = 1_000;

    /** Begins a line of somebody else's. */
    static final String QUOTED = ">";

    private static final Pattern SIGNATURE = Pattern.compile("^--\\s*$");
    private static final Pattern DEVICE = Pattern.compile(
            "^(?:(?:sent|get) (?:from|outlook for)|enviado (?:desde|de) (?:mi|meu)) .{0,60}$",
            Pattern.CASE_INSENSITIVE);
    /** Who wrote what is quoted next. */
    private static final Pattern ATTRIBUTION = Pattern.compile(
            "^(on|el|am|le|il|em|op)\\b.{4,200}\\b(wrote|escribió|schrieb|a écrit|ha scritto|escreveu|schreef)\\s*:\\s*$",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    /** Everything from such a line on is not the writer's, though no mark stands before it. */
    private static final List<Pattern> ENDS = List.of(
            Pattern.compile("^_{10,}\\s*$"),
            Pattern.compile(
                    "^-{2,}\\s*(original message|forwarded message|mensaje original|mensaje reenviado).*",
                    Pattern.CASE_INSENSITIVE),
            Pattern.compile("^(from|de|von|da)\\s*+:\\s*+[^@]++@.+", Pattern.CASE_INSENSITIVE));

    private QuoteCutter() {}

    static String cut(String text) {
        String[] lines = text.split("\\R", MOST_LINES);
        StringBuilder own = new StringBuilder();
        boolean signature = false;
        int ours = lastOfOurs(lines);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            int attribution = attribution(lines, i);
            if (line.length() > LONGEST_MARK && !line.startsWith(QUOTED)) {
                if (!signature) {
                    own.append(lines[i].stripTrailing()).append('\n');
                }
            } else if (attribution > 0) {
                int next = nextWords(lines, i + attribution);
                boolean marked = next < lines.length && lines[next].strip().startsWith(QUOTED);
                if (!marked && (!own.toString().isBlank() || next <= ours)) {
                    break;
                }
                signature = false;
                i += attribution - 1;
            } else if (ENDS.stream().anyMatch(end -> end.matcher(line).matches())) {
                break;
            } else if (line.startsWith(QUOTED)) {
                signature = false;
            } else if (SIGNATURE.matcher(line).matches()) {
                signature = true;
            } else if (!signature && !DEVICE.matcher(line).matches()) {
                own.append(lines[i].stripTrailing()).append('\n');
            }
        }
        return own.toString().strip();
    }

    /** How many lines it has: long ones are broken in two; 0 where it is none. */
    private static int attribution(String[] lines, int at) {
        String line = lines[at].strip();
        if (line.length() <= LONGEST_MARK && ATTRIBUTION.matcher(line).matches()) {
            return 1;
        }
        if (line.length() > LONGEST_MARK || at + 1 >= lines.length || lines[at + 1].length() > LONGEST_MARK) {
            return 0;
        }
        boolean begins = line.regionMatches(true, 0, "on ", 0, 3) || line.regionMatches(true, 0, "el ", 0, 3);
        return begins && ATTRIBUTION.matcher(line + " " + lines[at + 1].strip()).matches() ? 2 : 0;
    }

    private static int nextWords(String[] lines, int from) {
        int next = from;
        while (next < lines.length && lines[next].isBlank()) {
            next++;
        }
        return next;
    }

    /** Some programs quote without a mark: our mails have a link to be left in peace. @return -1 where there is none */
    private static int lastOfOurs(String[] lines) {
        int last = lines.length - 1;
        while (last >= 0 && !lines[last].contains(MailLinks.UNSUBSCRIBE)) {
            last--;
        }
        return last;
    }
}
