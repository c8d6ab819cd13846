package health.throughline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * The figures of the fault tests: each row of the matrix says what it counted and whether its control, the same without the guard, turned
 * red. Printed as a table when the last test is over and kept as {@code target/faults/report.json} and {@code report.md}.
 */
public final class FaultReport implements BeforeAllCallback {

    public static final String INTENTS = "intents";
    public static final String LOST = "lost";
    public static final String DOUBLED = "doubled";
    public static final String AFTER_STOP = "sends after STOP";
    public static final String OUTSIDE = "sends outside the window";
    public static final String INBOUND_LOST = "inbound lost";
    public static final String FORGED = "forged accepted";
    public static final String FUZZ = "fuzz inputs";
    public static final String SERVER_FAULTS = "5xx";

    /** Whether the long form runs. */
    public static final boolean LONG = Boolean.getBoolean("throughline.test.long");

    private static final Path DIRECTORY = Path.of("target", "faults");
    private static final List<String> SUMMED =
            List.of(INTENTS, LOST, DOUBLED, AFTER_STOP, OUTSIDE, INBOUND_LOST, FORGED, FUZZ, SERVER_FAULTS);
    private static final double RULE_OF_THREE = 3.0;
    private static final Map<String, Row> ROWS = new TreeMap<>(FaultReport::byNumber);

    /** What one row counted, in the order in which it was told. */
    public static final class Row {
        private final String fault;
        private final Map<String, Object> figures = new LinkedHashMap<>();
        private final List<String> controls = new ArrayList<>();

        private Row(String fault) {
            this.fault = fault;
        }

        /** Numbers told again under the same name are added up. */
        public Row count(String name, long number) {
            synchronized (ROWS) {
                figures.merge(name, number, (a, b) -> (Long) a + (Long) b);
            }
            return this;
        }

        public Row figure(String name, Object value) {
            synchronized (ROWS) {
                figures.put(name, value);
            }
            return this;
        }

        /** p50, p99 and the longest. */
        public Row times(String name, List<Duration> times) {
            return figure(
                    name + " p50/p99/max ms",
                    percentile(times, 50) + "/" + percentile(times, 99) + "/" + percentile(times, 100));
        }

        /** The same without the guard. @param red whether the judge saw the harm, as it must */
        public Row control(String without, boolean red) {
            synchronized (ROWS) {
                controls.add(without + (red ? ": red" : ": STAYED GREEN"));
            }
            return this;
        }
    }

    /** The row of that number, for example {@code R11}; made where it is not there yet. */
    public static Row row(String number, String fault) {
        synchronized (ROWS) {
            return ROWS.computeIfAbsent(number, each -> new Row(fault));
        }
    }

    /** One of two sizes. */
    public static int form(int shortForm, int longForm) {
        return LONG ? longForm : shortForm;
    }

    /** In milliseconds; 0 where there are none. */
    public static long percentile(List<Duration> times, int percent) {
        List<Duration> sorted = times.stream().sorted().toList();
        return sorted.isEmpty()
                ? 0
                : sorted.get(Math.max(0, (int) Math.ceil(sorted.size() * percent / 100.0) - 1))
                        .toMillis();
    }

    /** The most the heap held since the machine started. */
    public static long peakHeapMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(MemoryUsage::getUsed)
                        .sum()
                >> 20;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(FaultReport.class))
                .computeIfAbsent("at the end", key -> (AutoCloseable) FaultReport::write);
    }

    private static int byNumber(String a, String b) {
        int order = Integer.compare(digits(a), digits(b));
        return order == 0 ? a.compareTo(b) : order;
    }

    private static int digits(String row) {
        return Integer.parseInt(row.replaceAll("^R(\\d+).*", "$1"));
    }

    private static void write() {
        synchronized (ROWS) {
            if (ROWS.isEmpty()) {
                return;
            }
            Map<String, Object> totals = totals();
            StringBuilder table =
                    new StringBuilder("| row | fault | figures | control: without the guard |\n|---|---|---|---|\n");
            ROWS.forEach((number, row) -> table.append("| %s | %s | %s | %s |%n"
                    .formatted(number, row.fault, listed(row.figures), String.join("; ", row.controls))));
            table.append("| all | %s form | %s | |%n".formatted(LONG ? "long" : "short", listed(totals)));
            System.out.println("\nFaults\n" + table);
            try {
                Files.createDirectories(DIRECTORY);
                Files.writeString(DIRECTORY.resolve("report.md"), table);
                Files.writeString(DIRECTORY.resolve("report.json"), json(totals));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String listed(Map<String, Object> figures) {
        return figures.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private static long sum(String name) {
        return ROWS.values().stream()
                .map(row -> row.figures.get(name))
                .filter(Long.class::isInstance)
                .mapToLong(Long.class::cast)
                .sum();
    }

    private static Map<String, Object> totals() {
        Map<String, Object> totals = new LinkedHashMap<>();
        for (String name : SUMMED) {
            totals.put(name, sum(name));
        }
        long intents = sum(INTENTS);
        if (intents > 0 && sum(DOUBLED) == 0) {
            totals.put("doubled, 95 % bound", String.format(Locale.ROOT, "%.4f %%", 100 * RULE_OF_THREE / intents));
        }
        totals.put("peak heap MB", peakHeapMegabytes());
        return totals;
    }

    private static String json(Map<String, Object> totals) {
        Map<String, Object> rows = new LinkedHashMap<>();
        ROWS.forEach((number, row) ->
                rows.put(number, Map.of("fault", row.fault, "figures", row.figures, "controls", row.controls)));
        return new JsonMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValueAsString(Map.of("form", LONG ? "long" : "short", "rows", rows, "all", totals));
    }
}
