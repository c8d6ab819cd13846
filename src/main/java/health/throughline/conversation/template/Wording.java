package health.throughline.conversation.template;

import com.ibm.icu.text.MessagePattern;
import com.ibm.icu.text.MessagePattern.ArgType;
import com.ibm.icu.text.MessagePattern.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** An ICU message pattern, taken to pieces: what is written in it, and what it asks for. */
public final class Wording {

    private static final String OTHERWISE = "other";

    private final String pattern;
    private final MessagePattern parsed;
    private final List<Argument> arguments = new ArrayList<>();
    private final List<int[]> written = new ArrayList<>();
    private final StringBuilder usual = new StringBuilder();
    private final StringBuilder everything = new StringBuilder();

    /** @throws IllegalArgumentException where it is no message pattern, saying where */
    public Wording(String pattern) {
        this.pattern = pattern;
        this.parsed = new MessagePattern(pattern);
        message(0, true);
    }

    /**
     * @param how {@code NONE} where it stands as it is
     * @param format of a simple one: {@code date}, {@code time}, {@code number}
     * @param choices of a select or plural
     */
    public record Argument(
            String name, ArgType how, @Nullable String format, Set<String> choices) {}

    public List<Argument> arguments() {
        return List.copyOf(arguments);
    }

    public Set<String> variables() {
        Set<String> names = new TreeSet<>();
        arguments.forEach(argument -> names.add(argument.name()));
        return names;
    }

    /** What is written around the variables, as most people get it: of every choice the last, {@code other}. */
    public String usual() {
        return usual.toString();
    }

    /** Every word that stands in it, of all choices. */
    public String everything() {
        return everything.toString();
    }

    /** The same pattern with each written character replaced; variables and choices stay. */
    public String written(IntUnaryOperator replacement) {
        StringBuilder changed = new StringBuilder();
        int from = 0;
        for (int[] range : written) {
            changed.append(pattern, from, range[0]);
            pattern.substring(range[0], range[1]).codePoints().map(replacement).forEach(changed::appendCodePoint);
            from = range[1];
        }
        return changed.append(pattern.substring(from)).toString();
    }

    /** @return index of the part that ends the message that starts at that part */
    private int message(int start, boolean isUsual) {
        int limit = parsed.getLimitPartIndex(start);
        int from = parsed.getPart(start).getLimit();
        for (int at = start + 1; at <= limit; at++) {
            Part part = parsed.getPart(at);
            write(from, part.getIndex(), isUsual);
            if (part.getType() == Part.Type.ARG_START) {
                int end = parsed.getLimitPartIndex(at);
                argument(at, end, isUsual);
                at = end;
                part = parsed.getPart(at);
            }
            from = part.getLimit();
        }
        return limit;
    }

    private void argument(int start, int end, boolean isUsual) {
        ArgType how = parsed.getPart(start).getArgType();
        String name = parsed.getSubstring(parsed.getPart(start + 1));
        String format = how == ArgType.SIMPLE ? parsed.getSubstring(parsed.getPart(start + 2)) : null;
        Set<String> choices = new TreeSet<>();
        arguments.add(new Argument(name, how, format, choices));
        String choice = "";
        for (int at = start + 2; at < end; at++) {
            Part part = parsed.getPart(at);
            if (part.getType() == Part.Type.ARG_SELECTOR) {
                choice = parsed.getSubstring(part);
                choices.add(choice);
            } else if (part.getType() == Part.Type.MSG_START) {
                everything.append(' ');
                at = message(at, isUsual && choice.equals(OTHERWISE));
            }
        }
        everything.append(' ');
    }

    private void write(int from, int to, boolean isUsual) {
        if (to > from) {
            written.add(new int[] {from, to});
            everything.append(pattern, from, to);
            if (isUsual) {
                usual.append(pattern, from, to);
            }
        }
    }
}
