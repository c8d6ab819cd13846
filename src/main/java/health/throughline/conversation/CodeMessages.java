package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Component
class CodeMessages implements OneTimeCodes {

    /** What its messages are meant as begins so. */
    static final String INTENT = "code:";

    private static final List<Channel> CARRY_CODES = List.of(Channel.SMS, Channel.EMAIL);

    /** Replaced, wrong or gone over to somebody else (K9), or not the one address that may be used (K8). */
    private static final Predicate<String> NOT_REACHED_THERE =
            reason -> reason.startsWith("K9.") || reason.equals("K8.confidential");

    private final DirectMessages direct;
    private final JdbcMessages messages;
    private final Patients patients;
    private final Ways ways;
    private final Organization organization;
    private final ConversationSettings settings;

    CodeMessages(
            DirectMessages direct,
            JdbcMessages messages,
            Patients patients,
            Ways ways,
            Organization organization,
            ConversationSettings settings) {
        this.direct = direct;
        this.messages = messages;
        this.patients = patients;
        this.ways = ways;
        this.organization = organization;
        this.settings = settings;
    }

    private record To(PartyId party, AddressId address) {}

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean send(UUID id, PatientId patient, String code, Instant until, @Nullable UUID behind) {
        return patients.find(patient)
                .map(profile -> whereTheLinkWent(behind)
                        .flatMap(there -> send(id, profile, there, code, until))
                        .or(() -> onFile(profile).flatMap(to -> send(id, profile, to, code, until)))
                        .orElse(false))
                .orElse(false);
    }

    /** @return whether it goes; none where the patient is not, or not any more, reached at that address */
    private Optional<Boolean> send(UUID id, PatientProfile profile, To to, String code, Instant until) {
        String provider = organization
                .ancestor(profile.orgUnit(), OrgUnit.Kind.HOSPITAL)
                .map(OrgUnit::patientSafeName)
                .orElse("");
        var decision = direct.send(new DirectMessages.Direct(
                INTENT + id,
                profile.id(),
                to.party(),
                to.address(),
                profile.orgUnit(),
                TEXT,
                List.of(
                        Objects.requireNonNullElse(profile.language(), settings.defaultLanguage()),
                        settings.defaultLanguage()),
                Map.of("code", code, "provider", provider),
                true,
                false,
                until));
        return decision instanceof Refused refused && NOT_REACHED_THERE.test(refused.reason())
                ? Optional.empty()
                : Optional.of(!(decision instanceof Refused));
    }

    private Optional<To> whereTheLinkWent(@Nullable UUID message) {
        return Optional.ofNullable(message)
                .flatMap(messages::find)
                .filter(sent -> CARRY_CODES.contains(sent.channel()))
                .map(sent -> new To(sent.party(), sent.address()));
    }

    private Optional<To> onFile(PatientProfile profile) {
        return ways.of(profile, Reach.best()).stream()
                .filter(way -> CARRY_CODES.contains(way.address().channel()))
                .findFirst()
                .map(way -> new To(profile.party(), way.addressId()));
    }
}
