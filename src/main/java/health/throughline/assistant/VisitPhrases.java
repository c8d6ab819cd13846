package health.throughline.assistant;

import health.throughline.assistant.ReplyRules.Rule;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How patients name the day and the hour of a known visit. Any other day or hour stays a word the rules do not know. */
final class VisitPhrases {

    private static final int NOON = 12;
    private static final int EVENING = 18;
    private static final List<String> HOURS =
            List.of("twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven");
    private static final List<String> HORAS =
            List.of("doce", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once");
    private static final Map<Integer, String> MINUTES = Map.of(15, "fifteen", 30, "thirty");
    private static final Map<Integer, String> MINUTOS = Map.of(15, "quince|cuarto", 30, "treinta|media");

    private final LocalDateTime visit;
    private final List<Rule> rules = new ArrayList<>();

    private VisitPhrases(LocalDateTime visit) {
        this.visit = visit;
        addDays();
        addHours();
        addPartOfDay();
    }

    static List<Rule> of(@Nullable LocalDateTime visit) {
        return visit == null ? List.of() : List.copyOf(new VisitPhrases(visit).rules);
    }

    private void addDays() {
        int day = visit.getDayOfMonth();
        String ordinal = "%1$d|%1$dst|%1$dnd|%1$drd|%1$dth".formatted(day);
        add("en", "(on|this|for|the) %s (the) (%s)", weekdays(Locale.ENGLISH), ordinal);
        add("en", "(on) the %s", ordinal);
        add("en", "(on|for) (the) %s (the) %s", months(Locale.ENGLISH), ordinal);
        add(
                "en",
                "(on|for) %1$d/%2$d|%1$d/%2$d/%3$d|%1$d/%2$d/%4$d",
                visit.getMonthValue(),
                day,
                visit.getYear(),
                visit.getYear() % 100);
        add(
                "es",
                "(para|del|hasta) (el|este) (dia) %s (%d) (de) (%s)",
                weekdays(Locale.of("es")),
                day,
                months(Locale.of("es")));
        add("es", "(para) el (dia) %d (de) (%s)", day, months(Locale.of("es")));
    }

    private String weekdays(Locale language) {
        return shortened(visit.getDayOfWeek().getDisplayName(TextStyle.FULL, language));
    }

    private String months(Locale language) {
        return shortened(visit.getMonth().getDisplayName(TextStyle.FULL, language));
    }

    private static String shortened(String full) {
        String name = Spelling.fold(full.toLowerCase(Locale.ROOT));
        return String.join("|", name, cut(name, 3), cut(name, 4), cut(name, 5));
    }

    private static String cut(String name, int length) {
        return name.substring(0, Math.min(length, name.length()));
    }

    private void addHours() {
        int minute = visit.getMinute();
        String half = visit.getHour() < NOON ? "am" : "pm";
        String hours = clockHour() + "|" + visit.getHour() + "|" + HOURS.get(visit.getHour() % NOON);
        String horas = clockHour() + "|" + visit.getHour() + "|" + HORAS.get(visit.getHour() % NOON);
        String digits = String.join("|", digits(clockHour(), half), digits(visit.getHour(), half));
        add("en", "(at|for) %s (%s) (sharp)", digits, half);
        add("es", "(a|para) (la|las) %s (%s|hrs|horas) (en) (punto)", digits, half);
        if (minute == 0) {
            add("en", "(at|for) %s (oclock) (%s) (sharp)", hours, half);
            add("es", "(a|para) la|las %s (%s|hrs|horas) (en) (punto)", horas, half);
        } else {
            add("en", "(at|for) %s %d|%s (%s) (sharp)", hours, minute, MINUTES.getOrDefault(minute, "" + minute), half);
            add(
                    "es",
                    "(a|para) (la|las) %s (y) %d|%s (%s) (en) (punto)",
                    horas,
                    minute,
                    MINUTOS.getOrDefault(minute, "" + minute),
                    half);
        }
    }

    private int clockHour() {
        return visit.getHour() % NOON == 0 ? NOON : visit.getHour() % NOON;
    }

    private String digits(int hour, String half) {
        int minute = visit.getMinute();
        List<String> written = new ArrayList<>();
        for (String form : List.of("%d:%02d", "%02d:%02d", "%d.%02d", "%dh%02d", "%d%02d", "%02d%02d")) {
            written.add(form.formatted(hour, minute));
        }
        if (minute == 0) {
            written.add(hour + half);
        }
        List<String> all = new ArrayList<>(written);
        written.forEach(form -> {
            all.add(form + half);
            all.add(form + half.charAt(0));
        });
        return String.join("|", all);
    }

    private void addPartOfDay() {
        boolean morning = visit.getHour() < NOON;
        boolean evening = visit.getHour() >= EVENING;
        add("en", "(in|on) (the|that|this) %s", morning ? "morning" : evening ? "evening|night" : "afternoon");
        add("es", "(por|en|de) la %s", morning ? "manana" : evening ? "noche|tarde" : "tarde");
    }

    private void add(String language, String phrase, Object... parts) {
        rules.add(new Rule(language, Phrase.of(phrase.formatted(parts), Map.of())));
    }
}
