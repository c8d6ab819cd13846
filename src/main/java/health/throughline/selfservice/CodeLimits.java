package health.throughline.selfservice;

import health.throughline.conversation.OneTimeCodes;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * How many one-time codes go to one patient, and how many may be typed in wrong (K12). Those that somebody asks for who knows the number and
 * the date of birth are counted apart from those behind the patient's own links: a stranger who uses up the ones leaves the patient the others.
 */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class CodeLimits {

    static final String WRONG_CODES = "throughline.selfservice.wrong.codes";

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration LONGEST_NIGHT = Duration.ofHours(12);
    private static final LocalTime EVENING = LocalTime.of(21, 0);
    private static final LocalTime MORNING = LocalTime.of(8, 0);

    private final JdbcProofs proofs;
    private final Patients patients;
    private final Organization organization;
    private final ApplicationEventPublisher events;
    private final SelfServiceSettings settings;
    private final Counter wrong;

    CodeLimits(
            JdbcProofs proofs,
            Patients patients,
            Organization organization,
            ApplicationEventPublisher events,
            SelfServiceSettings settings,
            MeterRegistry meters) {
        this.proofs = proofs;
        this.patients = patients;
        this.organization = organization;
        this.events = events;
        this.settings = settings;
        this.wrong = Counter.builder(WRONG_CODES)
                .description("One-time codes typed in wrong on patients' pages and in the chat")
                .register(meters);
    }

    /** By what somebody asks for a code. Stands in the token they bring back with it. */
    enum Way {
        LINK("l."),
        CONTACT("c.");

        private final String mark;

        Way(String mark) {
            this.mark = mark;
        }

        String token() {
            return mark + Secrets.token();
        }

        private static Way of(String token) {
            return token.startsWith(LINK.mark) ? LINK : CONTACT;
        }
    }

    /** Counts one more code, unless it may not go. */
    boolean another(PatientProfile patient, Way way, Instant now) {
        String key = key(way, patient.id());
        String night = night(patient, now);
        return proofs.tries("code-wrong", key, now, DAY) < settings.wrongCodesPerDay()
                && proofs.tried("code", key, now, HOUR) <= settings.codesPerHour()
                && (night == null
                        || proofs.tried("code-night", key + night, now, LONGEST_NIGHT) <= settings.codesPerNight())
                && proofs.tried("code-day", key, now, DAY) <= settings.codesPerDay();
    }

    /** Counts a wrong one, and tells of it once they are too many. */
    void wrong(PatientId patient, String token, Instant now) {
        wrong.increment();
        if (proofs.tried("code-wrong", key(Way.of(token), patient), now, DAY) == settings.wrongCodesPerDay()) {
            patients.find(patient)
                    .ifPresent(profile -> events.publishEvent(
                            new OneTimeCodes.Guessed(profile.id(), profile.orgUnit(), settings.wrongCodesPerDay())));
        }
    }

    private static String key(Way way, PatientId patient) {
        return way.mark + patient;
    }

    /** Which night it is where the patient lives, or where their hospital is; none by day. */
    private @Nullable String night(PatientProfile patient, Instant now) {
        ZoneId zone = Optional.ofNullable(patient.zone())
                .or(() -> organization.find(patient.orgUnit()).map(OrgUnit::zone))
                .orElse(ZoneOffset.UTC);
        LocalDateTime there = LocalDateTime.ofInstant(now, zone);
        boolean quiet =
                !there.toLocalTime().isBefore(EVENING) || there.toLocalTime().isBefore(MORNING);
        return quiet ? "." + there.minusHours(MORNING.getHour()).toLocalDate() : null;
    }
}
