package health.throughline.care.fhir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Consent.ConsentProvisionType;
import org.hl7.fhir.r4.model.Period;
import org.jspecify.annotations.Nullable;

/**
 * What a FHIR Consent permits and denies, purpose by purpose. A purpose we do not know is none of ours: who agrees to research has not
 * agreed to reminders. Nested provisions are exceptions to the one around them (FHIR R4, Consent.provision.provision).
 */
final class ConsentProvisions {

    private static final Map<String, String> PURPOSES =
            Map.of("TREAT", "care", "HOPERAT", "operational", "HPAYMT", "billing", "HMARKT", "marketing");

    private ConsentProvisions() {}

    /** @param purpose none for whatever a consent covers by default */
    record Said(@Nullable String purpose, boolean granted) {}

    /** In the order in which they count, later ones over earlier; empty where nothing is said that we can follow. */
    static List<Said> of(Consent consent, Instant now) {
        if (!consent.hasStatus()) {
            return List.of();
        }
        Consent.ProvisionComponent provision = consent.getProvision();
        return switch (consent.getStatus()) {
            case ACTIVE -> inForce(provision, now);
            case INACTIVE, REJECTED -> said(provision, false);
            default -> List.of();
        };
    }

    private static List<Said> inForce(Consent.ProvisionComponent provision, Instant now) {
        if (isOver(provision.getPeriod(), now)) {
            return provision.getType() == ConsentProvisionType.DENY ? List.of() : said(provision, false);
        }
        List<Said> all = new ArrayList<>(said(provision, provision.getType() != ConsentProvisionType.DENY));
        for (Consent.ProvisionComponent exception : provision.getProvision()) {
            if (exception.hasPurpose() && exception.hasType() && !isOver(exception.getPeriod(), now)) {
                all.addAll(said(exception, exception.getType() == ConsentProvisionType.PERMIT));
            }
        }
        return List.copyOf(all);
    }

    private static List<Said> said(Consent.ProvisionComponent provision, boolean granted) {
        if (!provision.hasPurpose()) {
            return List.of(new Said(null, granted));
        }
        return provision.getPurpose().stream()
                .map(Coding::getCode)
                .flatMap(code -> Optional.ofNullable(code == null ? null : PURPOSES.get(code)).stream())
                .distinct()
                .map(purpose -> new Said(purpose, granted))
                .toList();
    }

    private static boolean isOver(Period period, Instant now) {
        return period.hasEnd() && period.getEnd().toInstant().isBefore(now);
    }
}
