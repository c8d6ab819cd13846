package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.Courtesy;
import health.throughline.consent.SendPolicy.Besides;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.conversation.JdbcInbound.Work;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientProfile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The two things that are said to who refused messages: that they end, once and soon, and how to reach us, to whoever asks for help (K5,
 * K6). Neither where the carrier says it itself, nor by a call of our own: in a call it is said there and then.
 */
@Component
class Courtesies {

    private static final String CONFIRMS = "opt-out-confirmed:";
    private static final String HELPS = "help:";
    private static final Duration CONFIRMED_WITHIN = Duration.ofMinutes(5);
    private static final Duration HELPFUL_FOR = Duration.ofHours(12);
    private static final Duration WORTH_ASKING = Duration.ofDays(1);
    /** A refusal is taken to be about what was said that lately. */
    private static final Duration ANSWERS_AT_LATEST = Duration.ofDays(30);

    private final BackToWriter back;
    private final ConsentLedger ledger;
    private final Conversations conversations;
    private final JdbcMessages messages;
    private final Senders senders;
    private final Organization organization;
    private final Clock clock;

    Courtesies(
            BackToWriter back,
            ConsentLedger ledger,
            Conversations conversations,
            JdbcMessages messages,
            Senders senders,
            Organization organization,
            Clock clock) {
        this.back = back;
        this.ledger = ledger;
        this.conversations = conversations;
        this.messages = messages;
        this.senders = senders;
        this.organization = organization;
        this.clock = clock;
    }

    /** What a message of that intent is, for the decision about it. */
    static Besides of(String intent) {
        if (intent.startsWith(CONFIRMS)) {
            return Besides.courtesy(Courtesy.CONFIRMS_OPT_OUT);
        }
        if (intent.startsWith(SafetyAnswer.INTENT)) {
            return Besides.answering(Replies.evidence(intent.substring(SafetyAnswer.INTENT.length())));
        }
        if (intent.startsWith(CodeMessages.INTENT)) {
            return Besides.courtesy(Courtesy.CARRIES_A_CODE);
        }
        return intent.startsWith(HELPS) ? Besides.courtesy(Courtesy.ANSWERS_HELP) : Besides.NOTHING;
    }

    /** The one confirmation of an opt-out, where it is ours to give. */
    void confirm(Work work, Channel channel, String text, @Nullable PatientProfile patient, @Nullable String wroteIn) {
        if (isOurs(channel, text)) {
            back.say(CONFIRMS + work.inbound(), work, patient, wroteIn, "opt-out-confirmed", CONFIRMED_WITHIN);
        }
    }

    /** @return who told them, in one sentence for the record */
    String help(Work work, Channel channel, String text, @Nullable PatientProfile patient) {
        if (!isOurs(channel, text)) {
            return "The carrier answers HELP with who we are and how to stop.";
        }
        return back.say(HELPS + work.inbound(), work, patient, null, "help", HELPFUL_FOR) instanceof Refused no
                ? "Asked for help. No automatic answer went: " + no.why()
                : "Told who we are, how to reach a person and how to stop.";
    }

    private boolean isOurs(Channel channel, String text) {
        return senders.serves(channel)
                && senders.adapter(channel).carriesWords()
                && !ledger.carrierAnswers(channel, text);
    }

    /**
     * A bare CANCEL ended the texts; what of the visit is asked on a channel that is still allowed, where there is one (K4): of who has
     * that phone, not of those who stand for them, and of a visit that is for the patient alone by a person only (K8, K13).
     *
     * @return what came of it, in a sentence for the person who asks too
     */
    String askAboutTheVisit(Work work, Channel channel, PatientProfile patient) {
        AddressId address = new AddressId(work.address());
        Instant now = clock.instant();
        if (messages.wasSensitive(address, now.minus(ANSWERS_AT_LATEST), now)) {
            return " It may be about something that is for the patient alone: no other channel asked them.";
        }
        OrgUnit hospital =
                organization.ancestor(patient.orgUnit(), OrgUnit.Kind.HOSPITAL).orElse(null);
        var decision = conversations.send(new Saying(
                DirectMessageFailed.ASKS_ABOUT_THE_VISIT + work.inbound(),
                patient.id(),
                patient.orgUnit(),
                null,
                "cancel-asked",
                Map.of(
                        "givenName", patient.givenName(),
                        "provider", orNone(hospital == null ? null : hospital.patientSafeName()),
                        "phone", orNone(hospital == null ? null : hospital.phone())),
                false,
                null,
                null,
                now.plus(WORTH_ASKING),
                new Author(Author.Kind.SYSTEM, "throughline"),
                null,
                Reach.besides(channel, address)));
        return decision instanceof Refused ? "" : " They were also asked by another channel.";
    }

    private static String orNone(@Nullable String value) {
        return Objects.requireNonNullElse(value, "none");
    }
}
