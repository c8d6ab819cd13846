package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.JdbcInbound.Work;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.Parties;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells who writes of danger, at once and at any hour, what to do until a person calls. Once per message that came; to the very phone it
 * came from, known or not. Not to who refused texts: for them the call of a person has to do (K5).
 */
@Component
class SafetyAnswer {

    static final String INTENT = "safety:";

    private static final String TEXT = "red-flag-answer";
    private static final String ROOT = "/all/";
    private static final Duration USEFUL_FOR = Duration.ofMinutes(30);

    private final DirectMessages direct;
    private final TextRules textRules;
    private final Organization organization;
    private final Parties parties;
    private final Patients patients;
    private final ConversationSettings settings;
    private final Clock clock;

    SafetyAnswer(
            DirectMessages direct,
            TextRules textRules,
            Organization organization,
            Parties parties,
            Patients patients,
            ConversationSettings settings,
            Clock clock) {
        this.direct = direct;
        this.textRules = textRules;
        this.organization = organization;
        this.parties = parties;
        this.patients = patients;
        this.settings = settings;
        this.clock = clock;
    }

    /** @return whether they were told, in one sentence for the person who takes over */
    String give(Work work, @Nullable PatientProfile patient, @Nullable String wroteIn) {
        AddressId address = new AddressId(work.address());
        if (patients.address(address).channel().equals(Channel.VOICE)) {
            return "Told at once, in the call, to call 911 in an emergency.";
        }
        OrgUnitId unit = patient != null ? patient.orgUnit() : root();
        OrgUnit hospital = hospital(unit);
        PartyId party = patient != null ? patient.party() : parties.unknownSender(address, unit);
        var decision = direct.send(new DirectMessages.Direct(
                INTENT + work.inbound(),
                patient == null ? null : patient.id(),
                party,
                address,
                unit,
                TEXT,
                languages(patient, wroteIn),
                Map.of(
                        "provider", orNone(textRules.speakable(hospital == null ? null : hospital.patientSafeName())),
                        "phone", orNone(hospital == null ? null : hospital.phone())),
                true,
                false,
                clock.instant().plus(USEFUL_FOR)));
        return decision instanceof Refused no
                ? "No automatic answer went: " + no.why()
                : "Told at once by text to call 911 in an emergency.";
    }

    /** The one they read, else the one they wrote in; English only for whom no other is known. */
    private List<String> languages(@Nullable PatientProfile patient, @Nullable String wroteIn) {
        String reads = patient == null ? null : patient.language();
        List<String> known = Stream.of(Optional.ofNullable(reads), Optional.ofNullable(wroteIn))
                .flatMap(Optional::stream)
                .toList();
        return known.isEmpty() ? List.of(settings.defaultLanguage()) : known;
    }

    /** The patient's, or the only one there is. */
    private @Nullable OrgUnit hospital(OrgUnitId unit) {
        return organization.ancestor(unit, OrgUnit.Kind.HOSPITAL).orElseGet(() -> {
            List<OrgUnit> all = organization.all().stream()
                    .filter(one -> one.kind() == OrgUnit.Kind.HOSPITAL)
                    .limit(2)
                    .toList();
            return all.size() == 1 ? all.getFirst() : null;
        });
    }

    private OrgUnitId root() {
        return organization.findByPath(ROOT).orElseThrow().id();
    }

    private static String orNone(@Nullable String value) {
        return Objects.requireNonNullElse(value, "none");
    }
}
