package health.throughline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.simulator.CarrierSimulator;
import health.throughline.simulator.Fault;
import health.throughline.simulator.LedgerEntry;
import health.throughline.simulator.SimulatorSettings;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * R1: the product, in a process of its own, is killed again and again while visits come in and messages go out, at random moments and at
 * named places. The carrier, which survives, says what was lost and what was said twice.
 *
 * <p>{@code -Dfaults.kills} sets how often (300 in the long form), {@code -Dfaults.kill-minutes} for how long at most.
 */
@FaultTest
class CrashTest {

    private static final Logger LOG = LoggerFactory.getLogger(CrashTest.class);
    private static final int KILLS = Integer.getInteger("throughline.test.kills", 20);
    private static final Duration LONGEST = Duration.ofMinutes(Integer.getInteger("throughline.test.kill-minutes", 10));
    private static final long SETTLED_MILLIS = 60_000;
    private static final int FEWEST_KILLS = 10;
    private static final int VISITS_EACH = 3;
    /** 555-0151 to 0164 ask the carrier for a fault. */
    private static final int FIRST_FAULT = 51;

    private static final int NUMBERS_EACH = 86;
    private static final int TOLD_EVERY = 20;
    private static final int FREEZES = 10;
    private static final int DATABASE_KILLS = 5;
    private static final String OPEN =
            "state in ('leased', 'attempting', 'unknown') or state = 'queued' and reason is distinct from 'K10.quiet-hours'";
    private static final int STORM = FaultReport.form(60, 5000);
    /** Of each of two kinds. Many at a stretch, and the provider is left alone for longer and longer. */
    private static final int ANSWERS_LOST = FaultReport.form(10, 50);

    private static final int ONE_IN = 3;
    private static final int LAST_LINES = 60;
    private static final Duration FROZEN = Duration.ofSeconds(9);

    /** A provider that loses answers is left alone for minutes on end. */
    private static final Duration STORM_LIMIT = Duration.ofMinutes(FaultReport.form(3, 20));

    /** A step of a journey that met the database going down comes again after a minute. */
    private static final Duration SAID_LIMIT = Duration.ofMinutes(5);

    private static final Duration START_LIMIT = Duration.ofSeconds(240);
    private static final ZoneId ZONE = ZoneId.of("America/Denver");
    /** Where one may text from nine to five of Denver's time, on Sundays too. */
    private static final List<Integer> AREAS = List.of(
            970, 719, 983, 385, 801, 435, 505, 575, 406, 307, 602, 480, 623, 520, 928, 208, 986, 702, 725, 775, 209,
            213, 310, 323, 408, 415, 424, 442, 510, 530, 559, 562, 619, 626, 628, 650, 657, 661, 669, 707, 714, 747,
            760, 805, 818, 831, 858, 909, 916, 925, 949, 951, 503, 541, 971, 612, 651, 763, 952);

    private static final List<String> PLACES = List.of(
            "attempt-started",
            "answered:2",
            "receipt-stored",
            "outcome-written",
            "claimed",
            "answered",
            "receipt-stored:4");
    private static final String ACCOUNT = "AC" + "1".repeat(32);
    private static final String TOKEN = "crash-test-token-of-the-carrier";
    private static final String KEY = "tl_simulator_" + "ab".repeat(32);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private static boolean rehearsed;

    private static final FileTime STARTED = FileTime.from(Instant.now());

    /** From JDK 25 on an archive holds the classes linked already. */
    private static final boolean LINKED = Runtime.version().feature() >= 25;

    private final Path archive =
            Path.of("target", LINKED ? "crash.aot" : "crash.jsa").toAbsolutePath();
    private final Path directory = Path.of("target", "crash-var").toAbsolutePath();
    private final Random random = new Random(7);
    private final int port = FreePorts.next();
    private final int unusedSimulatorPort = FreePorts.next();
    private final int smtpPort = FreePorts.next();
    private final int imapPort = FreePorts.next();
    private final Set<Integer> taken = new HashSet<>();
    private final List<Life> lives = new CopyOnWriteArrayList<>();
    private Instant ready = Instant.EPOCH;
    private Duration ahead = Duration.ZERO;
    private @Nullable CarrierSimulator carrier;
    private @Nullable Process product;

    /** From when a process of the product was ready until it ended, by the clock of the machine. */
    private record Life(Instant began, Instant ended) {}

    /** From when it was not known whether a message went out until it was. */
    private record Unknown(Instant began, Instant ended) {}

    @BeforeEach
    void prepare() throws IOException {
        forget(directory);
        Files.createDirectories(directory);
        ZonedDateTime now = ZonedDateTime.now(ZONE);
        // reminders begin at ten, and the longest run takes more than an hour
        if (now.getHour() < 10 || now.getHour() >= 16) {
            ZonedDateTime morning = now.withHour(10).withMinute(0);
            ahead = Duration.between(now, morning.isAfter(now) ? morning : morning.plusDays(1));
            Files.writeString(directory.resolve("clock-offset"), ahead.toString());
        }
        carrier = new CarrierSimulator(new SimulatorSettings(
                        0,
                        URI.create("http://localhost:" + port),
                        ACCOUNT,
                        TOKEN,
                        "+13035550100",
                        KEY,
                        true,
                        Duration.ofMillis(50),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(5),
                        50_000,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(5),
                        false))
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        Process running = product;
        if (running != null) {
            running.destroy();
            if (!running.waitFor(40, TimeUnit.SECONDS)) {
                running.destroyForcibly();
            }
        }
        postgres().ifPresent(ProcessHandle::destroy);
        if (carrier != null) {
            carrier.close();
        }
    }

    @Test
    void losesAndDoublesNothingWhenKilled() throws Exception {
        rehearse();
        Instant began = Instant.now();
        int kills = 0;
        int atPlaces = 0;
        List<Long> starts = new ArrayList<>();
        while (kills < KILLS && Duration.between(began, Instant.now()).compareTo(LONGEST) < 0) {
            String place = kills % 2 == 0 ? "" : PLACES.get(kills / 2 % PLACES.size());
            starts.add(start(place));
            for (int i = 0; i < VISITS_EACH; i++) {
                book(taken.size());
            }
            Process running = Objects.requireNonNull(product);
            boolean endedItself = running.waitFor(place.isEmpty() ? random.nextInt(1500) : 5000, TimeUnit.MILLISECONDS);
            atPlaces += endedItself ? 1 : 0;
            running.destroyForcibly().waitFor();
            kills++;
            if (kills % TOLD_EVERY == 0) {
                LOG.info("{} kills in {}", kills, Duration.between(began, Instant.now()));
            }
        }
        starts.add(start(""));
        book(taken.size());
        int visits = taken.size();
        awaitAllSaid(visits);
        Map<String, Long> accepted = accepted();
        List<String> phones = taken.stream().map(CrashTest::phone).toList();
        long withPerson = withPerson();
        long unsaid =
                phones.stream().filter(phone -> !accepted.containsKey(phone)).count();
        long lost = Math.max(0, unsaid - withPerson);
        long doubled = accepted.values().stream().filter(times -> times > 1).count();
        List<Unknown> unknowns = database()
                .sql("""
                        select min(u.at) as began, min(s.at) as ended from attempt_outcome u
                        join attempt_outcome s on s.attempt_id = u.attempt_id and s.outcome <> 'unknown'
                        where u.outcome = 'unknown' group by u.attempt_id
                        """)
                .query((row, n) -> new Unknown(
                        row.getObject("began", OffsetDateTime.class).toInstant().minus(ahead),
                        row.getObject("ended", OffsetDateTime.class).toInstant().minus(ahead)))
                .list();
        lives.add(new Life(ready, Instant.now()));
        List<Duration> settled = unknowns.stream().map(this::whileItRan).toList();
        long resent = count("select count(*) from dispatch where resent");
        long unknown = count("select count(distinct attempt_id) from attempt_outcome where outcome = 'unknown'");
        FaultReport.row("R1", "killed at named places and at random")
                .count(FaultReport.INTENTS, visits)
                .count(FaultReport.LOST, lost)
                .count(FaultReport.DOUBLED, doubled)
                .figure("doubled, 95 % bound", "%.3f %%".formatted(300.0 / visits))
                .figure("kills", kills)
                .figure("at named places", atPlaces)
                .figure("requests", requests().size())
                .figure("unknown", unknown)
                .figure("unknown rate", "%.1f %%".formatted(100.0 * unknown / visits))
                .times("settled, while it ran", settled)
                .times(
                        "settled, with the time in which it was dead",
                        unknowns.stream()
                                .map(each -> Duration.between(each.began(), each.ended()))
                                .toList())
                .figure("resent by the rule", resent)
                .figure("with a person by the rule", withPerson)
                .times(
                        "recovery (process started to ready)",
                        starts.stream().map(Duration::ofMillis).toList())
                .figure("s in all", Duration.between(began, Instant.now()).toSeconds());
        assertThat(FaultReport.percentile(settled, 99))
                .as("ms to settle, while it ran")
                .isLessThanOrEqualTo(SETTLED_MILLIS);
        assertThat(lost).as("lost").isZero();
        assertThat(doubled).as("said twice").isZero();
        assertThat(count("select count(*) from journey_instance where journey_key = 'pre-visit'"))
                .as("one journey for each visit")
                .isEqualTo(visits);
        assertThat(kills)
                .as("kills in the time there was")
                .isGreaterThanOrEqualTo(FaultReport.LONG ? KILLS : Math.min(KILLS, FEWEST_KILLS));
    }

    /**
     * Scene 4: a campaign is going out, patients write "pls stop", some of them while the node is dead, answers are lost, and the node is
     * killed in the middle of it.
     */
    @Test
    void hearsWhoSaysStopInTheStorm() throws Exception {
        rehearse();
        // slowly, so that most of it waits when the node dies
        start("", "-Dthroughline.conversation.units-per-second=1");
        for (int n = 0; n < STORM; n++) {
            book(n);
        }
        Objects.requireNonNull(product).destroyForcibly().waitFor();
        Set<String> before = accepted().keySet();
        List<String> unsaid = taken.stream()
                .map(CrashTest::phone)
                .filter(phone -> !before.contains(phone))
                .toList();
        List<String> whileDead = everyNth(unsaid, 0);
        List<String> during = everyNth(unsaid, 1);
        CarrierSimulator network = Objects.requireNonNull(carrier);
        whileDead.forEach(phone -> network.patientWrites(phone, "pls stop"));
        network.fault(null, Fault.RESET_AFTER, ANSWERS_LOST);
        network.fault(null, Fault.TIMEOUT_AFTER, ANSWERS_LOST);
        start("", "-Dthroughline.conversation.units-per-second=40");
        int already = accepted().size();
        for (String phone : during) {
            network.patientWrites(phone, "pls stop");
        }
        await().atMost(STORM_LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> accepted().size() >= already + STORM / 4);
        Objects.requireNonNull(product).destroyForcibly().waitFor();
        start("", "-Dthroughline.conversation.units-per-second=40");
        long refusals = whileDead.size() + during.size();
        await().atMost(STORM_LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(stillOpen()).isEmpty();
            assertThat(revoked()).isEqualTo(refusals);
        });

        Map<String, Long> reminders = requests().stream()
                .filter(LedgerEntry::accepted)
                .filter(entry -> !entry.body().contains("no more messages"))
                .collect(Collectors.groupingBy(LedgerEntry::to, Collectors.counting()));
        long afterStop = count("""
                select count(*) from attempt a join dispatch d on d.message_id = a.message_id
                join message m on m.id = d.message_id and m.created_at = d.message_created_at
                join consent_event c on c.address_id = d.address_id and c.action = 'revoke'
                where a.started_at > c.recorded_at and m.intent not like 'opt-out-confirmed:%'
                """);
        long lost = unsaid.stream()
                .filter(phone -> !whileDead.contains(phone) && !during.contains(phone))
                .filter(phone -> !reminders.containsKey(phone))
                .count();
        long doubled = reminders.values().stream().filter(times -> times > 1).count();
        FaultReport.row("R13", "STOP during a bulk send")
                .count(FaultReport.INTENTS, taken.size())
                .count(FaultReport.LOST, lost)
                .count(FaultReport.DOUBLED, doubled)
                .count(FaultReport.AFTER_STOP, afterStop)
                .figure("scene 4: going out", taken.size())
                .figure("scene 4: \"pls stop\" while the node was dead", whileDead.size())
                .figure("scene 4: \"pls stop\" in the storm", during.size())
                .figure("scene 4: answers lost", 2 * ANSWERS_LOST);
        assertThat(whileDead).as("heard before anything was said").noneMatch(reminders::containsKey);
        assertThat(afterStop).isZero();
        assertThat(lost).isZero();
        assertThat(doubled).isZero();
    }

    /** Nothing is settled by a process that is dead or starting: only what it ran counts. */
    private Duration whileItRan(Unknown unknown) {
        return lives.stream()
                .map(life -> {
                    Instant from = life.began().isAfter(unknown.began()) ? life.began() : unknown.began();
                    Instant until = life.ended().isBefore(unknown.ended()) ? life.ended() : unknown.ended();
                    return until.isAfter(from) ? Duration.between(from, until) : Duration.ZERO;
                })
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Every visit has its message, or a person has its task, and nothing is under way. */
    private void awaitAllSaid(int visits) {
        await().atMost(SAID_LIMIT).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(stillOpen()).isEmpty();
            assertThat(accepted().size() + withPerson()).isGreaterThanOrEqualTo(visits);
        });
    }

    /**
     * Of what is resent once and not found at the provider the second time either, as where two kills met the same message, a person has a
     * task: the published rule.
     */
    private long withPerson() {
        return count("""
                select count(distinct d.patient_id) from dispatch d
                where d.resent and d.state = 'failed' and d.reason = 'unknown-dropped'
                  and exists (select 1 from task t where t.patient_id = d.patient_id and t.state = 'open')
                  and not exists (select 1 from dispatch o where o.patient_id = d.patient_id
                      and o.state in ('accepted', 'sent', 'delivered', 'read'))
                """);
    }

    private static List<String> everyNth(List<String> phones, int offset) {
        return IntStream.range(0, phones.size())
                .filter(n -> n % ONE_IN == offset)
                .mapToObj(phones::get)
                .toList();
    }

    private List<String> stillOpen() {
        return database()
                .sql("select state || ', ' || coalesce(reason, '') || ', due ' || due_at from dispatch where " + OPEN)
                .query(String.class)
                .list();
    }

    private long revoked() {
        return count(
                "select count(distinct address_id) from consent_event where action = 'revoke' and address_id is not null");
    }

    /** The control: a queue that takes whatever was begun and not finished for unsent says it twice. */
    @Test
    @Tag("long")
    void wouldSayItTwiceWithoutTheUnknownState() throws Exception {
        rehearse();
        start("answered");
        for (int i = 0; i < VISITS_EACH; i++) {
            book(taken.size());
        }
        Process running = Objects.requireNonNull(product);
        assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        running.destroyForcibly().waitFor();
        int forgotten = database()
                .sql(
                        "update dispatch set state = 'queued', due_at = due_at, lease_until = null where state = 'attempting'")
                .update();
        start("");
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(stillOpen()).isEmpty());
        boolean red = accepted().values().stream().anyMatch(times -> times > 1);
        FaultReport.row("R1", "killed at named places and at random")
                .control("begun attempts queued again (" + forgotten + ")", red);
        assertThat(red).isTrue();
    }

    /** R6: the whole process stands still for longer than its leases, and goes on as if nothing had been. */
    @Test
    @Tag("long")
    void losesAndDoublesNothingWhenFrozenAndThawed() throws Exception {
        rehearse();
        start("");
        Process running = Objects.requireNonNull(product);
        for (int i = 0; i < FREEZES; i++) {
            for (int n = 0; n < VISITS_EACH; n++) {
                book(taken.size());
            }
            Thread.sleep(random.nextInt(600));
            signal(running, "STOP");
            Thread.sleep(FROZEN.toMillis());
            signal(running, "CONT");
            await().atMost(START_LIMIT).until(this::answers);
        }
        int visits = taken.size();
        awaitAllSaid(visits);
        long doubled = accepted().values().stream().filter(times -> times > 1).count();
        FaultReport.row("R6", "node frozen past its lease, then thawed")
                .count(FaultReport.INTENTS, visits)
                .count(FaultReport.LOST, visits - accepted().size())
                .count(FaultReport.DOUBLED, doubled)
                .figure("processes stopped and continued", FREEZES);
        assertThat(doubled).isZero();
        assertThat(accepted()).hasSize(visits);
    }

    /** R5: the whole database is killed, and started again. Nothing is answered with 2xx meanwhile; nothing that was is gone. */
    @Test
    @Tag("long")
    void losesNothingWhenTheDatabaseIsKilled() throws Exception {
        rehearse();
        start("");
        List<Duration> recoveries = new ArrayList<>();
        int answeredWithoutIt = 0;
        for (int i = 0; i < DATABASE_KILLS; i++) {
            book(taken.size());
            ProcessHandle postmaster = postgres().orElseThrow();
            String command = Files.readString(directory.resolve("postgresql/postmaster.opts"))
                    .strip();
            postmaster.destroyForcibly();
            postmaster.onExit().get(10, TimeUnit.SECONDS);
            answeredWithoutIt += booked(taken.size()) ? 1 : 0;
            Instant back = Instant.now();
            await().atMost(START_LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> {
                if (postgres().filter(ProcessHandle::isAlive).isEmpty()) {
                    // not as root: PostgreSQL refuses that
                    new ProcessBuilder("unshare", "-U", "sh", "-c", command)
                            .redirectErrorStream(true)
                            .redirectOutput(directory
                                    .resolveSibling("crash-postgres.log")
                                    .toFile())
                            .start();
                }
                return booked(taken.size());
            });
            recoveries.add(Duration.between(back, Instant.now()));
        }
        int visits = taken.size();
        awaitAllSaid(visits);
        long doubled = accepted().values().stream().filter(times -> times > 1).count();
        FaultReport.row("R5", "PostgreSQL backends killed")
                .count(FaultReport.INTENTS, visits)
                .count(FaultReport.LOST, visits - accepted().size())
                .count(FaultReport.DOUBLED, doubled)
                .figure("databases killed", DATABASE_KILLS)
                .times("database recovery", recoveries);
        assertThat(answeredWithoutIt).isZero();
        assertThat(doubled).isZero();
        assertThat(accepted()).hasSize(visits);
    }

    private boolean booked(int n) throws InterruptedException {
        try {
            book(n);
        } catch (IllegalStateException e) {
            return false;
        }
        return taken.contains(n);
    }

    private static void signal(Process process, String signal) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private List<LedgerEntry> requests() {
        return Objects.requireNonNull(carrier).requests();
    }

    private Map<String, Long> accepted() {
        return requests().stream()
                .filter(LedgerEntry::accepted)
                .collect(Collectors.groupingBy(LedgerEntry::to, Collectors.counting()));
    }

    /** One start and an orderly end leave an archive of the classes, with which every later start takes half the time. */
    private void rehearse() throws Exception {
        if (rehearsed) {
            return;
        }
        rehearsed = true;
        Files.deleteIfExists(archive);
        start("");
        Process rehearsal = Objects.requireNonNull(product);
        rehearsal.destroy();
        if (!rehearsal.waitFor(90, TimeUnit.SECONDS)) {
            rehearsal.destroyForcibly().waitFor();
        }
    }

    private static String archived(boolean there) {
        if (LINKED) {
            return there ? "-XX:AOTCache=" : "-XX:AOTCacheOutput=";
        }
        return there ? "-XX:SharedArchiveFile=" : "-XX:ArchiveClassesAtExit=";
    }

    /** An archive of classes holds for jars only. */
    private static String classpath() throws IOException {
        Path classes = Path.of("target", "classes").toAbsolutePath();
        Path jar = Path.of("target", "crash-classes.jar").toAbsolutePath();
        if (!Files.exists(jar) || Files.getLastModifiedTime(jar).compareTo(STARTED) < 0) {
            try (var out = new JarOutputStream(Files.newOutputStream(jar));
                    var files = Files.walk(classes)) {
                for (Path file : files.sorted().toList()) {
                    String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
                    if (!name.isEmpty()) {
                        // folders too: Spring looks for packages by them
                        out.putNextEntry(new JarEntry(Files.isDirectory(file) ? name + "/" : name));
                        if (Files.isRegularFile(file)) {
                            Files.copy(file, out);
                        }
                        out.closeEntry();
                    }
                }
            }
        }
        return jar
                + File.pathSeparator
                + Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .split(File.pathSeparator, -1))
                        .filter(entry -> entry.endsWith(".jar"))
                        .collect(Collectors.joining(File.pathSeparator));
    }

    /** @return milliseconds until it answered */
    private long start(String failPoint, String... besides) throws Exception {
        Instant began = Instant.now();
        Path log = directory.resolveSibling("crash.log");
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx768m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Duser.timezone=UTC",
                archived(Files.exists(archive)) + archive,
                "-Xlog:disable",
                "-cp",
                classpath(),
                "-Dserver.port=" + port,
                "-Dthroughline.local.directory=" + directory,
                "-Dthroughline.simulator.port=" + unusedSimulatorPort,
                "-Dthroughline.simulator.mail.smtp-port=" + smtpPort,
                "-Dthroughline.simulator.mail.imap-port=" + imapPort,
                "-Dthroughline.simulator.seed=false",
                "-Dthroughline.simulator.api-key=" + KEY,
                "-Dthroughline.twilio.base-url="
                        + Objects.requireNonNull(carrier).url(),
                "-Dthroughline.twilio.account-sid=" + ACCOUNT,
                "-Dthroughline.twilio.auth-token=" + TOKEN,
                "-Dthroughline.twilio.answer-timeout=2s",
                "-Dthroughline.twilio.total-timeout=3s",
                "-Dthroughline.conversation.lease=4s",
                "-Dthroughline.conversation.attempt-limit=7s",
                "-Dthroughline.conversation.settle-after=" + (FaultReport.LONG ? "10s" : "2s"),
                "-Dcamunda.bpm.job-execution.lock-time-in-millis=4000",
                "-Dthroughline.fail-point=" + failPoint));
        arguments.addAll(List.of(besides));
        arguments.add("health.throughline.Throughline");
        Path file = Files.write(directory.resolveSibling("crash.args"), arguments);
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "@" + file)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        product = started;
        await().atMost(START_LIMIT).pollInterval(Duration.ofMillis(100)).until(() -> {
            if (!started.isAlive()) {
                // a named place may be reached by what the last run left, before the first page is served
                return (!failPoint.isEmpty() && started.exitValue() == 137) || failed(log);
            }
            return answers();
        });
        ready = Instant.now();
        Instant since = ready;
        started.onExit().thenRun(() -> lives.add(new Life(since, Instant.now())));
        Duration took = Duration.between(began, ready);
        // what a patient writes is dated by the network, also while the product is down
        Objects.requireNonNull(carrier).learnTime();
        return took.toMillis();
    }

    private static boolean failed(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        throw new IllegalStateException("The product did not start. The end of " + log + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size())));
    }

    private boolean answers() {
        try {
            return HTTP.send(
                                    HttpRequest.newBuilder(URI.create(
                                                    "http://localhost:" + port + "/actuator/health/readiness"))
                                            .timeout(Duration.ofSeconds(2))
                                            .build(),
                                    HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Feeds a patient with consent and a visit tomorrow; counted where the product answered that it has them. */
    private void book(int n) throws InterruptedException {
        Instant visit = ZonedDateTime.now(ZONE)
                .plus(ahead)
                .plusDays(1)
                .withHour(15)
                .withMinute(30)
                .withSecond(0)
                .withNano(0)
                .toInstant();
        String bundle = """
                {"resourceType":"Bundle","type":"transaction","entry":[
                 {"resource":{"resourceType":"Patient","id":"crash-%1$d","meta":{"versionId":"1"},
                   "identifier":[{"system":"https://ehr.test/mrn","value":"crash-%1$d"}],
                   "name":[{"family":"Crash","given":["Pat%1$d"]}],"birthDate":"1980-02-03",
                   "telecom":[{"system":"phone","value":"%2$s","use":"mobile"}],
                   "address":[{"state":"CO","postalCode":"80203","country":"US"}],
                   "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"en"}]},"preferred":true}],
                   "managingOrganization":{"reference":"Organization/mercy-valley"}},
                  "request":{"method":"PUT","url":"Patient/crash-%1$d"}},
                 {"resource":{"resourceType":"Consent","id":"crash-c-%1$d","meta":{"versionId":"1"},"status":"active",
                   "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
                   "category":[{"coding":[{"system":"https://throughline.health/fhir/consent-category","code":"messages"}]}],
                   "patient":{"reference":"Patient/crash-%1$d"},"dateTime":"2026-01-05T09:00:00Z",
                   "policyRule":{"text":"I agree to texts."},
                   "provision":{"type":"permit","purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"TREAT"},
                     {"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HOPERAT"}]}},
                  "request":{"method":"PUT","url":"Consent/crash-c-%1$d"}},
                 {"resource":{"resourceType":"Appointment","id":"crash-a-%1$d","meta":{"versionId":"1"},"status":"booked","start":"%3$s",
                   "serviceType":[{"coding":[{"code":"GEN-FU"}]}],
                   "participant":[{"actor":{"reference":"Patient/crash-%1$d"},"status":"accepted"},
                                  {"actor":{"reference":"Location/loc-family"},"status":"accepted"}]},
                  "request":{"method":"PUT","url":"Appointment/crash-a-%1$d"}}]}
                """.formatted(n, phone(n), visit);
        try {
            HttpResponse<String> answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/fhir"))
                            .timeout(Duration.ofSeconds(20))
                            .header("Content-Type", "application/fhir+json")
                            .header("Authorization", "Bearer " + KEY)
                            .POST(HttpRequest.BodyPublishers.ofString(bundle))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                taken.add(n);
            } else {
                throw new IllegalStateException("The feed was answered " + answer.statusCode() + ": " + answer.body());
            }
        } catch (IOException e) {
            // killed meanwhile: the EHR does not know whether it was taken, and sends the same again after the next
            // start
            assertThat(product).isNotNull();
        }
    }

    private static String phone(int n) {
        int last = n % NUMBERS_EACH;
        return "+1%d5550%d".formatted(AREAS.get(n / NUMBERS_EACH), last < FIRST_FAULT ? 100 + last : 114 + last);
    }

    private long count(String sql) {
        return database().sql(sql).query(Long.class).single();
    }

    private JdbcClient database() {
        try {
            Properties secrets = new Properties();
            try (var reader = Files.newBufferedReader(directory.resolve("local-secrets.properties"))) {
                secrets.load(reader);
            }
            String databasePort = Files.readAllLines(directory.resolve("postgresql/postmaster.pid"))
                    .get(3)
                    .strip();
            return JdbcClient.create(new DriverManagerDataSource(
                    "jdbc:postgresql://127.0.0.1:" + databasePort + "/throughline",
                    "throughline_owner",
                    secrets.getProperty("ownerPassword")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private java.util.Optional<ProcessHandle> postgres() throws IOException {
        Path pidFile = directory.resolve("postgresql/postmaster.pid");
        return Files.exists(pidFile)
                ? ProcessHandle.of(
                        Long.parseLong(Files.readAllLines(pidFile).getFirst().strip()))
                : java.util.Optional.empty();
    }

    private static void forget(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            }
        }
    }
}
