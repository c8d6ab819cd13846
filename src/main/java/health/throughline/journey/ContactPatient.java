package health.throughline.journey;

import health.throughline.care.Appointment;
import health.throughline.care.Appointments;
import health.throughline.channel.Channel;
import health.throughline.conversation.Conversations;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Deferred;
import health.throughline.conversation.Conversations.Origin;
import health.throughline.conversation.Conversations.Question;
import health.throughline.conversation.Conversations.Queued;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.conversation.MessageId;
import health.throughline.conversation.Reach;
import java.time.Clock;
import java.time.Instant;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.stereotype.Component;

/** Says something to the patient in the engine's own transaction; what cannot be said is an answer too. */
@Component
class ContactPatient implements JourneyStep {

    private static final String NOTHING_ASKED = "none";

    private final Conversations conversations;
    private final Appointments appointments;
    private final VisitFacts facts;
    private final JdbcJourneys journeys;
    private final Clock clock;

    ContactPatient(
            Conversations conversations,
            Appointments appointments,
            VisitFacts facts,
            JdbcJourneys journeys,
            Clock clock) {
        this.conversations = conversations;
        this.appointments = appointments;
        this.facts = facts;
        this.journeys = journeys;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "contactPatient";
    }

    @Override
    public void execute(DelegateExecution execution) {
        JourneyVariables variables = new JourneyVariables(execution);
        Appointment appointment = appointments.find(variables.appointment()).orElseThrow();
        VisitFacts.Facts values = facts.of(appointment, variables.patient());
        if (values.missing() != null) {
            refused(variables, values.missing());
            return;
        }
        boolean asks = !NOTHING_ASKED.equals(variables.text("question"));
        Instant visit = variables.visitStart();
        var decision = conversations.send(new Saying(
                intent(execution, variables),
                variables.patient(),
                variables.orgUnit(),
                appointment.location(),
                variables.text("template"),
                values.values(),
                variables.flag("solicited"),
                asks ? new Question(variables.text("question"), visit, appointment.startLocal()) : null,
                null,
                visit,
                new Author(Author.Kind.JOURNEY, journeys.keyOf(variables.journeyInstance())),
                origin(execution, variables),
                reach(variables)));
        variables.set("answerExpected", asks);
        switch (decision) {
            case Queued queued -> going(variables, queued.message(), queued.channel(), clock.instant(), asks);
            case Deferred deferred -> going(variables, deferred.message(), deferred.channel(), deferred.until(), asks);
            case Refused no -> refused(variables, no.reason());
        }
    }

    /** {@code best}, {@code next} (none of those it went by before) or a channel's code. */
    private static Reach reach(JourneyVariables variables) {
        String channel = variables.textOrNull("channel");
        if (channel == null || channel.equals("best")) {
            return Reach.best();
        }
        return channel.equals("next") ? Reach.next(variables.channelsTried()) : Reach.by(Channel.ofCode(channel));
    }

    private static void going(
            JourneyVariables variables, MessageId message, Channel channel, Instant expected, boolean asks) {
        variables.set("sendResult", "queued");
        variables.set("messageId", message.value().toString());
        variables.tried(channel);
        if (asks) {
            variables.set("replyBy", expected.plus(variables.duration("replyWait")));
        }
    }

    private static void refused(JourneyVariables variables, String reason) {
        variables.set("sendResult", "refused");
        variables.set(JourneyVariables.BECAUSE, reason);
        variables.set(JourneyVariables.ANSWER, "unreachable");
    }

    /** The activity's instance, not its id: a model may come back to the same step and mean something new. */
    private static String intent(DelegateExecution execution, JourneyVariables variables) {
        return variables.journeyInstance() + ":" + variables.appointment() + ":" + variables.subjectRevision() + ":"
                + execution.getActivityInstanceId();
    }

    private Origin origin(DelegateExecution execution, JourneyVariables variables) {
        return new Origin(
                variables.journeyInstance(),
                journeys.keyOf(variables.journeyInstance()),
                execution.getProcessInstanceId(),
                execution.getCurrentActivityId(),
                variables.subjectType(),
                variables.appointment().value(),
                variables.subjectRevision());
    }
}
