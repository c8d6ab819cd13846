package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Origin;
import health.throughline.conversation.Conversations.Question;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.conversation.JdbcMessages.Message;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.Parties;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Says by text what somebody does not want to hear in a call, by the road of every text: consent, landlines and hours hold. */
@Component
class TextInstead {

    private static final String VISIT = "visit-by-text";
    private static final String CALLER = "caller-by-text";
    private static final String ROOT = "/all/";
    private static final Duration USEFUL_FOR = Duration.ofHours(1);

    private final Conversations conversations;
    private final DirectMessages direct;
    private final Patients patients;
    private final Parties parties;
    private final Organization organization;
    private final JdbcClient jdbc;
    private final ConversationSettings settings;
    private final Clock clock;

    TextInstead(
            Conversations conversations,
            DirectMessages direct,
            Patients patients,
            Parties parties,
            Organization organization,
            JdbcClient jdbc,
            ConversationSettings settings,
            Clock clock) {
        this.conversations = conversations;
        this.direct = direct;
        this.patients = patients;
        this.parties = parties;
        this.organization = organization;
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /** The same question about the same visit, once for each message. @return whether it goes */
    boolean about(Message asked, String provider, String phone) {
        LocalDateTime visit = asked.questionAbout();
        Instant until = asked.questionUntil();
        if (visit == null || until == null || asked.question() == null) {
            return false;
        }
        var decision = conversations.send(new Saying(
                "text-instead:" + asked.id(),
                asked.patient(),
                asked.orgUnit(),
                null,
                VISIT,
                Map.of("provider", provider, "phone", phone, "visit", visit),
                true,
                new Question(asked.question(), until, visit),
                null,
                until,
                new Author(Author.Kind.SYSTEM, "throughline"),
                origin(asked),
                Reach.by(Channel.SMS)));
        return !(decision instanceof Refused);
    }

    private @Nullable Origin origin(Message asked) {
        UUID journey = asked.journeyInstance();
        if (journey == null) {
            return null;
        }
        String key = jdbc.sql("select journey_key from dispatch where message_id = ?")
                .param(asked.id())
                .query(String.class)
                .single();
        return new Origin(
                journey,
                key,
                String.valueOf(asked.processInstance()),
                VISIT,
                asked.subjectType(),
                asked.subject(),
                Objects.requireNonNullElse(asked.subjectRevision(), 0));
    }

    /** To who called us, at most once an hour. */
    boolean toCaller(String number, @Nullable PatientId patient, String provider, String phone) {
        AddressId address = patients.addressOfSender(Channel.SMS, number);
        PatientProfile profile =
                Optional.ofNullable(patient).flatMap(patients::find).orElse(null);
        OrgUnitId unit = profile != null
                ? profile.orgUnit()
                : organization.findByPath(ROOT).orElseThrow().id();
        PartyId party = profile != null ? profile.party() : parties.unknownSender(address, unit);
        Instant now = clock.instant();
        String language =
                profile == null || profile.language() == null ? settings.defaultLanguage() : profile.language();
        var decision = direct.send(new DirectMessages.Direct(
                "caller-by-text:" + address.value() + ":" + now.truncatedTo(ChronoUnit.HOURS),
                profile == null ? null : profile.id(),
                party,
                address,
                unit,
                CALLER,
                List.of(language),
                Map.of("provider", provider, "phone", phone),
                true,
                false,
                now.plus(USEFUL_FOR)));
        return !(decision instanceof Refused);
    }
}
