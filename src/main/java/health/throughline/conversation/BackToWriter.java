package health.throughline.conversation;

import health.throughline.conversation.Conversations.SendDecision;
import health.throughline.conversation.JdbcInbound.Work;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.Parties;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientProfile;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Says something at once to the very address something came from, known or not, in the writer's language. */
@Component
class BackToWriter {

    private static final String ROOT = "/all/";

    private final DirectMessages direct;
    private final TextRules textRules;
    private final Organization organization;
    private final Parties parties;
    private final ConversationSettings settings;
    private final Clock clock;

    BackToWriter(
            DirectMessages direct,
            TextRules textRules,
            Organization organization,
            Parties parties,
            ConversationSettings settings,
            Clock clock) {
        this.direct = direct;
        this.textRules = textRules;
        this.organization = organization;
        this.parties = parties;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * An answer to who waits for one; what was said long ago and heard of only now is answered at an hour at which anything may be said.
     *
     * @param template a text that takes the {@code provider} and its {@code phone}, {@code none} where there is none
     */
    SendDecision say(
            String intent,
            Work work,
            @Nullable PatientProfile patient,
            @Nullable String wroteIn,
            String template,
            Duration usefulFor) {
        boolean waits = clock.instant().isBefore(work.saidAt().plus(settings.solicitedWithin()));
        return say(intent, work, patient, wroteIn, template, usefulFor, waits);
    }

    /** At once, whenever they wrote and whatever the hour. */
    SendDecision sayOfDanger(
            String intent,
            Work work,
            @Nullable PatientProfile patient,
            @Nullable String wroteIn,
            String template,
            Duration usefulFor) {
        return say(intent, work, patient, wroteIn, template, usefulFor, true);
    }

    private SendDecision say(
            String intent,
            Work work,
            @Nullable PatientProfile patient,
            @Nullable String wroteIn,
            String template,
            Duration usefulFor,
            boolean solicited) {
        AddressId address = new AddressId(work.address());
        OrgUnitId unit = patient != null ? patient.orgUnit() : root();
        OrgUnit hospital = hospital(unit);
        PartyId party = patient != null ? patient.party() : parties.unknownSender(address, unit);
        return direct.send(new DirectMessages.Direct(
                intent,
                patient == null ? null : patient.id(),
                party,
                address,
                unit,
                template,
                languages(patient, wroteIn),
                Map.of(
                        "provider", orNone(textRules.speakable(hospital == null ? null : hospital.patientSafeName())),
                        "phone", orNone(hospital == null ? null : hospital.phone())),
                solicited,
                false,
                clock.instant().plus(usefulFor)));
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
        return organization
                .ancestor(unit, OrgUnit.Kind.HOSPITAL)
                .or(organization::onlyHospital)
                .orElse(null);
    }

    private OrgUnitId root() {
        return organization.findByPath(ROOT).orElseThrow().id();
    }

    private static String orNone(@Nullable String value) {
        return Objects.requireNonNullElse(value, "none");
    }
}
