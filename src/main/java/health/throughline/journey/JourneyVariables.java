package health.throughline.journey;

import health.throughline.care.AppointmentId;
import health.throughline.channel.Channel;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.engine.ProcessEngineException;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a journey, typed: ids, enums, numbers and dates. No text, name, number or address of a patient is ever one of them.
 */
record JourneyVariables(DelegateExecution execution) {

    static final String JOURNEY_INSTANCE = "journeyInstanceId";
    static final String PATIENT = "patientId";
    static final String ORG_UNIT = "orgUnitId";
    static final String SUBJECT_TYPE = "subjectType";
    static final String SUBJECT = "subjectId";
    static final String SUBJECT_REVISION = "subjectRevision";
    static final String VISIT_START = "visitStart";
    static final String VISIT_CLASS = "visitClass";
    static final String LEAD_DAYS = "leadDays";
    static final String REMINDERS_SENT = "remindersSent";
    static final String ANSWER = "answer";
    static final String BECAUSE = "because";
    static final String OUTCOME = "outcome";
    static final String EHR_AGREES = "ehrAgrees";
    static final String CHANNELS_TRIED = "channelsTried";

    UUID journeyInstance() {
        return UUID.fromString(text(JOURNEY_INSTANCE));
    }

    PatientId patient() {
        return new PatientId(UUID.fromString(text(PATIENT)));
    }

    OrgUnitId orgUnit() {
        return new OrgUnitId(UUID.fromString(text(ORG_UNIT)));
    }

    String subjectType() {
        return text(SUBJECT_TYPE);
    }

    AppointmentId appointment() {
        return new AppointmentId(UUID.fromString(text(SUBJECT)));
    }

    int subjectRevision() {
        return number(SUBJECT_REVISION);
    }

    Instant visitStart() {
        return ((Date) required(VISIT_START)).toInstant();
    }

    int remindersSent() {
        return number(REMINDERS_SENT);
    }

    String answer() {
        return text(ANSWER);
    }

    /** By which the patient was contacted in this journey. */
    Set<Channel> channelsTried() {
        String tried = textOrNull(CHANNELS_TRIED);
        return tried == null || tried.isEmpty()
                ? Set.of()
                : Arrays.stream(tried.split(",")).map(Channel::ofCode).collect(Collectors.toUnmodifiableSet());
    }

    void tried(Channel channel) {
        set(
                CHANNELS_TRIED,
                Stream.concat(channelsTried().stream(), Stream.of(channel))
                        .map(Channel::code)
                        .distinct()
                        .sorted()
                        .collect(Collectors.joining(",")));
    }

    Duration duration(String name) {
        return Duration.parse(text(name));
    }

    Instant instant(String name) {
        return ((Date) required(name)).toInstant();
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(execution.getVariable(name));
    }

    String text(String name) {
        return required(name).toString();
    }

    @Nullable
    String textOrNull(String name) {
        Object value = execution.getVariable(name);
        return value == null ? null : value.toString();
    }

    private int number(String name) {
        return ((Number) required(name)).intValue();
    }

    private Object required(String name) {
        Object value = execution.getVariable(name);
        if (value == null) {
            throw new ProcessEngineException(
                    "Step " + execution.getCurrentActivityId() + " needs the variable " + name + ", which is not set");
        }
        return value;
    }

    void set(String name, @Nullable Object value) {
        execution.setVariable(name, value instanceof Instant instant ? Date.from(instant) : value);
    }
}
