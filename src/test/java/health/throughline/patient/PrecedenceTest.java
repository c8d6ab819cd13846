package health.throughline.patient;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.channel.Channel;
import health.throughline.patient.Precedence.Known;
import health.throughline.patient.Precedence.Sent;
import health.throughline.patient.Precedence.Status;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrecedenceTest {

    private static final Instant MONDAY = Instant.parse("2026-03-02T10:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-03-03T10:00:00Z");
    private static final Instant WEDNESDAY = Instant.parse("2026-03-04T10:00:00Z");
    private static final AddressId OLD = new AddressId(UUID.randomUUID());
    private static final AddressId NEW = new AddressId(UUID.randomUUID());
    private static final AddressId NEWER = new AddressId(UUID.randomUUID());

    @Test
    void takesWhatIsNew() {
        var outcome = Precedence.settle("ehr", MONDAY, List.of(), List.of(sent(NEW)));
        assertThat(outcome.changes()).singleElement().satisfies(change -> {
            assertThat(change.address()).isEqualTo(NEW);
            assertThat(change.status()).isEqualTo(Status.ACTIVE);
        });
    }

    @Test
    void changesNothingWhenTheSameIsSentAgain() {
        var outcome = Precedence.settle(
                "ehr", TUESDAY, List.of(known(NEW, "ehr", MONDAY, null, Status.ACTIVE)), List.of(sent(NEW)));
        assertThat(outcome.changes()).isEmpty();
        assertThat(outcome.differences()).isEmpty();
    }

    @Test
    void keepsTheVerifiedNumberWhenTheOldOneIsSentAgain() {
        var outcome = Precedence.settle(
                "ehr",
                WEDNESDAY,
                List.of(
                        known(OLD, "ehr", MONDAY, null, Status.SUPERSEDED),
                        known(NEW, "patient", TUESDAY, TUESDAY, Status.ACTIVE)),
                List.of(sent(OLD)));
        assertThat(outcome.changes()).isEmpty();
        assertThat(outcome.differences()).singleElement().asString().contains("older phone number");
    }

    @Test
    void takesTheNumberTheSourceChangedAfterTheVerification() {
        var outcome = Precedence.settle(
                "ehr",
                WEDNESDAY,
                List.of(known(NEW, "patient", TUESDAY, TUESDAY, Status.ACTIVE)),
                List.of(sent(NEWER)));
        assertThat(outcome.changes())
                .singleElement()
                .satisfies(change -> assertThat(change.status()).isEqualTo(Status.ACTIVE));
    }

    @Test
    void remembersAnOlderNumberItDidNotTakeSoThatSendingItAgainStaysWithoutEffect() {
        var verified = known(NEW, "patient", TUESDAY, TUESDAY, Status.ACTIVE);
        var first = Precedence.settle("ehr", MONDAY, List.of(verified), List.of(sent(OLD)));
        assertThat(first.changes())
                .singleElement()
                .satisfies(change -> assertThat(change.status()).isEqualTo(Status.SUPERSEDED));
        var again = Precedence.settle(
                "ehr",
                WEDNESDAY,
                List.of(verified, known(OLD, "ehr", MONDAY, null, Status.SUPERSEDED)),
                List.of(sent(OLD)));
        assertThat(again.changes()).isEmpty();
    }

    @Test
    void dropsWhatTheSourceNoLongerSends() {
        var outcome =
                Precedence.settle("ehr", TUESDAY, List.of(known(OLD, "ehr", MONDAY, null, Status.ACTIVE)), List.of());
        assertThat(outcome.changes())
                .singleElement()
                .satisfies(change -> assertThat(change.status()).isEqualTo(Status.SUPERSEDED));
    }

    @Test
    void neverBringsBackAWrongNumber() {
        var outcome = Precedence.settle(
                "ehr", WEDNESDAY, List.of(known(OLD, "ehr", MONDAY, null, Status.WRONG_NUMBER)), List.of(sent(OLD)));
        assertThat(outcome.changes()).isEmpty();
        assertThat(outcome.differences()).hasSize(1);
    }

    private static Sent sent(AddressId address) {
        return new Sent(address, Channel.SMS, "mobile", 1, false, false);
    }

    private static Known known(
            AddressId address, String source, Instant observed, @Nullable Instant verified, Status status) {
        return new Known(address, Channel.SMS, "mobile", 1, source, observed, verified, status, false);
    }
}
