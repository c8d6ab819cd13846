package health.throughline.care.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.care.fhir.ConsentProvisions.Said;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Consent.ConsentProvisionType;
import org.hl7.fhir.r4.model.Consent.ConsentState;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("K1: a consent covers what it names, and nothing it does not")
class ConsentProvisionsTest {

    private static final Instant NOW = Instant.parse("2026-05-04T15:00:00Z");

    @Test
    void k1TakesThePurposesThatAreNamed() {
        assertThat(ConsentProvisions.of(active(ConsentProvisionType.PERMIT, "TREAT", "HPAYMT"), NOW))
                .containsExactly(new Said("care", true), new Said("billing", true));
        assertThat(ConsentProvisions.of(active(ConsentProvisionType.PERMIT), NOW))
                .containsExactly(new Said(null, true));
        assertThat(ConsentProvisions.of(active(ConsentProvisionType.DENY, "HMARKT"), NOW))
                .containsExactly(new Said("marketing", false));
    }

    @Test
    void k1TakesConsentToResearchForNoConsentToMessages() {
        assertThat(ConsentProvisions.of(active(ConsentProvisionType.PERMIT, "HRESCH"), NOW))
                .isEmpty();
        assertThat(ConsentProvisions.of(active(ConsentProvisionType.PERMIT, "HRESCH", "TREAT"), NOW))
                .containsExactly(new Said("care", true));
        assertThat(ConsentProvisions.of(active(ConsentProvisionType.DENY, "HRESCH"), NOW))
                .isEmpty();
    }

    @Test
    void k1FollowsExceptions() {
        Consent consent = active(ConsentProvisionType.PERMIT);
        consent.getProvision().addProvision(provision(ConsentProvisionType.DENY, "HMARKT"));
        assertThat(ConsentProvisions.of(consent, NOW))
                .containsExactly(new Said(null, true), new Said("marketing", false));
    }

    @Test
    void k1TakesAConsentThatIsOverForNone() {
        Consent consent = active(ConsentProvisionType.PERMIT, "TREAT");
        consent.getProvision().getPeriod().setEnd(Date.from(NOW.minus(Duration.ofDays(1))));
        assertThat(ConsentProvisions.of(consent, NOW)).containsExactly(new Said("care", false));
        consent.getProvision().getPeriod().setEnd(Date.from(NOW.plus(Duration.ofDays(1))));
        assertThat(ConsentProvisions.of(consent, NOW)).containsExactly(new Said("care", true));
    }

    @Test
    void k3TakesAConsentThatWasWithdrawnBack() {
        Consent consent = active(ConsentProvisionType.PERMIT, "TREAT");
        consent.setStatus(ConsentState.INACTIVE);
        assertThat(ConsentProvisions.of(consent, NOW)).containsExactly(new Said("care", false));
        consent.setStatus(ConsentState.DRAFT);
        assertThat(ConsentProvisions.of(consent, NOW)).isEmpty();
        assertThat(ConsentProvisions.of(new Consent(), NOW)).isEmpty();
    }

    private static Consent active(ConsentProvisionType type, String... purposes) {
        Consent consent = new Consent();
        consent.setStatus(ConsentState.ACTIVE);
        consent.setProvision(provision(type, purposes));
        return consent;
    }

    private static Consent.ProvisionComponent provision(ConsentProvisionType type, String... purposes) {
        Consent.ProvisionComponent provision = new Consent.ProvisionComponent();
        provision.setType(type);
        provision.setPurpose(
                Arrays.stream(purposes).map(code -> new Coding().setCode(code)).toList());
        return provision;
    }
}
