package health.throughline.selfservice;

import health.throughline.Network;
import health.throughline.TimeOrderedId;
import health.throughline.access.AccessScope;
import health.throughline.audit.Actor;
import health.throughline.audit.Audit;
import health.throughline.channel.Channel;
import health.throughline.conversation.OneTimeCodes;
import health.throughline.patient.Numbers;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds out whether somebody is the patient: first the date of birth, then a code that went to an address on file (K12). Right and wrong,
 * known and unknown get the same answer in the same time; only the code in the patient's hand tells them apart. Tries are counted for the
 * link or the number claimed (as it is looked up, not as it is written), for the network, and for the code; beyond the limit everybody is
 * asked to wait. They are counted for the patient too, and so are the codes and the wrong ones: beyond those limits no code goes, and the answer stays the
 * same.
 */
@Component
class Proofs {

    private static final Duration KEPT = Duration.ofDays(1);
    private static final Duration BUSY = Duration.ofMinutes(1);

    private final JdbcProofs proofs;
    private final JdbcLinks links;
    private final OneTimeCodes codes;
    private final CodeLimits limits;
    private final ProofGate gate;
    private final Patients patients;
    private final Numbers numbers;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final SelfServiceSettings settings;
    private final Clock clock;

    Proofs(
            JdbcProofs proofs,
            JdbcLinks links,
            OneTimeCodes codes,
            CodeLimits limits,
            ProofGate gate,
            Patients patients,
            Numbers numbers,
            Audit audit,
            TransactionTemplate transaction,
            SelfServiceSettings settings,
            Clock clock) {
        this.proofs = proofs;
        this.links = links;
        this.codes = codes;
        this.limits = limits;
        this.gate = gate;
        this.patients = patients;
        this.numbers = numbers;
        this.audit = audit;
        this.transaction = transaction;
        this.settings = settings;
        this.clock = clock;
    }

    /** What became of a try. */
    sealed interface Step {}

    /** @param token to come back with the code; given whether or not a code went */
    record CodeAsked(String token) implements Step {}

    record TooMany(Duration rest) implements Step {}

    /** @param session what the browser keeps */
    record Proven(PatientId patient, String session) implements Step {}

    record NotProven() implements Step {}

    /** Somebody opened a link and gave a date of birth. */
    Step ofLink(String link, LocalDate birthDate, String network) {
        return evenly(
                network,
                () -> inTransaction(() -> {
                    Instant now = clock.instant();
                    if (tooMany("link", link, now)) {
                        return tooMany();
                    }
                    Optional<JdbcLinks.Opened> opened = links.open(link, now);
                    return begin(
                            opened.map(JdbcLinks.Opened::patient)
                                    .flatMap(patients::find)
                                    .map(List::of)
                                    .orElse(List.of()),
                            CodeLimits.Way.LINK,
                            link,
                            birthDate,
                            opened.map(JdbcLinks.Opened::message).orElse(null),
                            now);
                }));
    }

    /** Somebody gave the number or e-mail address that we have for them, and a date of birth. */
    Step ofContact(String contact, LocalDate birthDate, String network) {
        return evenly(network, () -> {
            // looked up before the transaction that counts the try: what is no address at all must not undo it
            List<PatientId> claimed = reachedBy(contact);
            String address = normalised(contact);
            return inTransaction(() -> {
                Instant now = clock.instant();
                if (tooMany("contact", address, now)) {
                    return tooMany();
                }
                List<PatientProfile> profiles = claimed.stream()
                        .flatMap(id -> patients.find(id).stream())
                        .toList();
                return begin(profiles, CodeLimits.Way.CONTACT, address, birthDate, null, now);
            });
        });
    }

    private String normalised(String contact) {
        return Stream.of(Channel.SMS, Channel.EMAIL)
                .flatMap(channel -> numbers.normalised(channel, contact).stream())
                .findFirst()
                .orElseGet(() -> contact.strip().toLowerCase(Locale.ROOT));
    }

    private List<PatientId> reachedBy(String contact) {
        return Stream.of(Channel.SMS, Channel.VOICE, Channel.EMAIL)
                .flatMap(channel -> reachedBy(channel, contact).stream())
                .distinct()
                .toList();
    }

    private List<PatientId> reachedBy(Channel channel, String contact) {
        try {
            return Objects.requireNonNull(transaction.execute(status ->
                    numbers.find(channel, contact).map(patients::reachedAt).orElse(List.of())));
        } catch (IllegalArgumentException noAddress) {
            return List.of();
        }
    }

    /** Of several at one number the date of birth tells which; two born on one day cannot be told apart here. */
    private Step begin(
            List<PatientProfile> claimed,
            CodeLimits.Way way,
            String by,
            LocalDate birthDate,
            @Nullable UUID behind,
            Instant now) {
        boolean tried = triedTooOften(claimed, by, now);
        List<PatientProfile> right =
                claimed.stream().filter(patient -> born(patient, birthDate)).toList();
        String token = way.token();
        if (right.size() == 1) {
            PatientId patient = right.getFirst().id();
            if (tried || !limits.another(right.getFirst(), way, now)) {
                audited("page.code-sent", patient, "refused");
                return new CodeAsked(token);
            }
            UUID id = TimeOrderedId.next();
            String code = Secrets.oneTimeCode();
            Instant until = now.plus(settings.codeLifetime());
            proofs.addCode(id, token, code, patient, now, until);
            boolean goes = codes.send(id, patient, code, until, behind);
            audited("page.code-sent", patient, goes ? "done" : "refused");
        } else {
            claimed.stream().limit(1).forEach(patient -> audited("page.birth-date", patient.id(), "refused"));
        }
        return new CodeAsked(token);
    }

    /** Counted for somebody unknown too, so that the work is the same. */
    private boolean triedTooOften(List<PatientProfile> claimed, String by, Instant now) {
        List<String> keys = claimed.isEmpty()
                ? List.of(by)
                : claimed.stream()
                        .map(patient -> patient.id().toString())
                        .sorted()
                        .toList();
        return keys.stream()
                        .filter(key -> proofs.tried("patient", key, now, settings.window()) > settings.triesOfPatient())
                        .count()
                > 0;
    }

    private static boolean born(PatientProfile patient, LocalDate birthDate) {
        LocalDate known = patient.birthDate();
        return MessageDigest.isEqual(bytes(known == null ? "none" : known.toString()), bytes(birthDate.toString()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Somebody brought the code. */
    Step withCode(String token, String code, String network) {
        return evenly(
                network,
                () -> inTransaction(() -> {
                    Instant now = clock.instant();
                    if (tooMany("token", token, now)) {
                        return tooMany();
                    }
                    Optional<JdbcProofs.Tried> tried = proofs.use(token, code, now, settings.triesOfCode());
                    if (tried.isEmpty()) {
                        return new NotProven();
                    }
                    PatientId patient = tried.get().patient();
                    if (!tried.get().right()) {
                        limits.wrong(patient, token, now);
                        audited("page.code-wrong", patient, "refused");
                        return new NotProven();
                    }
                    String session = Secrets.token();
                    proofs.begin(session, patient, tried.get().since(), now, now.plus(settings.sessionLongest()));
                    audited("page.verified", patient, "done");
                    return new Proven(patient, session);
                }));
    }

    /** Whose session it is. Joins the caller's transaction, or makes one. */
    Optional<PatientId> known(@Nullable String session) {
        if (session == null || session.isEmpty()) {
            return Optional.empty();
        }
        return Objects.requireNonNull(AccessScope.system()
                .run(() -> transaction.execute(
                        status -> proofs.session(session, clock.instant(), settings.sessionIdle()))));
    }

    void leave(String session) {
        AccessScope.system().run(() -> {
            transaction.executeWithoutResult(status -> proofs.end(session));
            return true;
        });
    }

    @Scheduled(fixedDelay = 600_000)
    void forget() {
        transaction.executeWithoutResult(status -> proofs.forget(clock.instant().minus(KEPT)));
    }

    private boolean tooMany(String kind, String key, Instant now) {
        return proofs.tried(kind, key, now, settings.window()) > settings.tries();
    }

    private Step tooMany() {
        return new TooMany(settings.window());
    }

    private void audited(String action, PatientId patient, String outcome) {
        new Actor(Actor.Kind.PATIENT, patient.toString()).run(() -> {
            audit.record(Audit.Entry.done(action, "patient", patient, patient.value())
                    .withOutcome(outcome));
            return true;
        });
    }

    /** With the product's own rights, in its turn, and never faster than the settings say. */
    private Step evenly(String remote, Supplier<Step> work) {
        long began = System.nanoTime();
        String network = Network.of(remote);
        try {
            return gate.turnsAway(network)
                    ? tooMany()
                    : AccessScope.system()
                            .run(() -> gate.inTurn(
                                    () -> fromThere(network) ? tooMany() : work.get(), () -> new TooMany(BUSY)));
        } finally {
            pause(settings.evenly().toNanos() - (System.nanoTime() - began));
        }
    }

    /** In a transaction of its own: nobody else from there waits for the row until all the rest is done. */
    private boolean fromThere(String network) {
        return Boolean.TRUE.equals(transaction.execute(status ->
                proofs.tried("network", network, clock.instant(), settings.window()) > settings.triesFromAddress()));
    }

    private Step inTransaction(Supplier<Step> work) {
        return Objects.requireNonNull(transaction.execute(status -> work.get()));
    }

    private static void pause(long nanos) {
        if (nanos > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(nanos);
        }
    }
}
