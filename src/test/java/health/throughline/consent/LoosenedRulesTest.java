package health.throughline.consent;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.ThroughlineTest;
import health.throughline.TimeOrderedId;
import health.throughline.audit.Audit;
import health.throughline.channel.Channel;
import health.throughline.consent.ConsentLedger.Statement;
import health.throughline.encryption.Encryption;
import health.throughline.patient.AddressId;
import health.throughline.patient.Patients;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;

/** The two settings that loosen a strict reading, each with what it loosens and what it does not. */
class LoosenedRulesTest extends ThroughlineTest {

    private static final ConsentSettings STRICT = new ConsentSettings(true, false, null);
    private static final ConsentSettings LOOSE = new ConsentSettings(false, true, null);

    @Autowired
    private RuleBook rules;

    @Autowired
    private Encryption encryption;

    @Autowired
    private Audit audit;

    @Autowired
    private Patients patients;

    @Autowired
    private ObjectProvider<ReassignedNumbers> lookUp;

    @Test
    @DisplayName(
            "K5: with revoke-all off, a STOP ends what was said there last; with it on, all; said to staff, always all")
    void revokesWhatWasSaidLastWhereTheSettingSaysSo() {
        assertThat(revokedBy(LOOSE, "sms-keyword", "billing")).containsExactly("billing");
        assertThat(revokedBy(STRICT, "sms-keyword", "billing")).containsExactly("*");
        assertThat(revokedBy(LOOSE, "sms-keyword", null))
                .as("nothing was said there")
                .containsExactly("*");
        assertThat(revokedBy(LOOSE, "staff", "billing")).containsExactly("*");
    }

    @Test
    @DisplayName("K9: the setting no-data-may goes into the facts of the decision, so that it can be taken again")
    void putsTheSettingIntoTheFacts() {
        assertThat(noDataMay(LOOSE)).isTrue();
        assertThat(noDataMay(STRICT)).isFalse();
    }

    @Test
    @DisplayName("each start with a loosened rule is in the audit, a strict one leaves nothing there")
    void tellsTheAuditAtEveryStart() {
        long before = loosened();
        new LoosenedRules(STRICT, audit, transaction).afterSingletonsInstantiated();
        assertThat(loosened()).isEqualTo(before);
        new LoosenedRules(LOOSE, audit, transaction).afterSingletonsInstantiated();
        assertThat(loosened()).isEqualTo(before + 2);
        assertThat(asOwner()
                        .sql(
                                "select entity_id || ' ' || (detail ->> 'value') from audit where action = 'consent.loosened'"
                                        + " order by at desc limit 2")
                        .query(String.class)
                        .list())
                .containsExactlyInAnyOrder("revoke-all off", "no-data-may on");
    }

    private boolean noDataMay(ConsentSettings settings) {
        var checks = new NumberChecks(jdbc, transaction, patients, lookUp, settings, clock);
        return inTransaction(() -> checks.of(
                                anAddress(),
                                clock.instant().minus(Duration.ofDays(400)),
                                rules.inForce(clock.instant()).rules(),
                                clock.instant())
                        .orElseThrow())
                .noDataMay();
    }

    private List<String> revokedBy(
            ConsentSettings settings, String how, @org.jspecify.annotations.Nullable String said) {
        AddressId address = anAddress();
        if (said != null) {
            wasSent(address, said);
        }
        var ledger = new JdbcConsentLedger(jdbc, encryption, rules, settings, audit, clock);
        return inTransaction(() -> {
            ledger.revoke(
                    null,
                    address,
                    null,
                    new Statement(how, "patient", "STOP", "", "test:" + UUID.randomUUID(), clock.instant()));
            return jdbc.sql("select coalesce(purpose, '*') from consent_event where address_id = ?")
                    .param(address.value())
                    .query(String.class)
                    .list();
        });
    }

    private AddressId anAddress() {
        return inTransaction(() -> patients.address(
                Channel.SMS,
                "+1617%07d"
                        .formatted(
                                5_550_000 + (int) (Math.abs(UUID.randomUUID().getLeastSignificantBits()) % 10_000))));
    }

    /** A text of that purpose, accepted a day ago. */
    private void wasSent(AddressId address, String purpose) {
        UUID message = TimeOrderedId.next();
        var then = clock.instant().minus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC);
        asOwner()
                .sql("""
                    insert into message (id, created_at, intent, thread_id, party_id, org_unit_id, address_id, channel, sender_id,
                        purpose, urgency, solicited, locale, body, units, not_before, expires_at, decision_id, author_kind, author)
                    values (:id, :then, 'loosened:' || :id, :id, :id, :unit, :address, 'sms', 'sms-main',
                        :purpose, 'routine', false, 'en', '', 1, :then, :then, :id, 'system', 'test')""")
                .param("id", message)
                .param("then", then)
                .param("unit", UUID.fromString("00000000-0000-7000-8000-000000000001"))
                .param("address", address.value())
                .param("purpose", purpose)
                .update();
        asOwner()
                .sql("""
                    insert into dispatch (message_id, message_created_at, state, due_at, expires_at, address_id, sender_id, channel,
                        urgency_rank, units, org_unit_id, purpose, sent_at)
                    values (:id, :then, 'delivered', :then, :then, :address, 'sms-main', 'sms', 2, 1, :unit, :purpose, :then)""")
                .param("id", message)
                .param("then", then)
                .param("unit", UUID.fromString("00000000-0000-7000-8000-000000000001"))
                .param("address", address.value())
                .param("purpose", purpose)
                .update();
    }

    private long loosened() {
        return asOwner()
                .sql("select count(*) from audit where action = 'consent.loosened'")
                .query(Long.class)
                .single();
    }
}
