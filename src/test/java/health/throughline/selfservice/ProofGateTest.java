package health.throughline.selfservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** K12, R8: whoever tries patients' pages in thousands takes a share of the database, and no more. */
class ProofGateTest {

    private static final int AT_ONCE = 6;

    private final Moving clock = new Moving();

    private ProofGate gate(Duration wait) {
        return new ProofGate(
                new SelfServiceSettings(
                        Duration.ofDays(2),
                        Duration.ofMinutes(10),
                        5,
                        8,
                        20,
                        5,
                        10,
                        3,
                        15,
                        120,
                        AT_ONCE,
                        wait,
                        Duration.ofMinutes(30),
                        Duration.ofMinutes(15),
                        Duration.ofHours(8),
                        Duration.ZERO),
                clock);
    }

    @Test
    @DisplayName(
            "A network is turned away without the database after twice its tries; others are not, nor it itself later")
    void turnsAwayWhoGoesOnAndOn() {
        ProofGate gate = gate(Duration.ZERO);
        for (int n = 0; n < 240; n++) {
            assertThat(gate.turnsAway("192.0.2.1")).isFalse();
        }
        assertThat(gate.turnsAway("192.0.2.1")).isTrue();
        assertThat(gate.turnsAway("192.0.2.2")).isFalse();
        clock.now = clock.now.plus(Duration.ofMinutes(31));
        assertThat(gate.turnsAway("192.0.2.1")).isFalse();
    }

    @Test
    void letsOnlySoManyWorkAtOnceAndTellsTheOthersToComeBack() throws InterruptedException {
        ProofGate gate = gate(Duration.ZERO);
        var inside = new CountDownLatch(AT_ONCE);
        var open = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; n < AT_ONCE; n++) {
                threads.execute(() -> gate.inTurn(
                        () -> {
                            inside.countDown();
                            return waits(open);
                        },
                        () -> false));
            }
            inside.await();
            assertThat(gate.inTurn(() -> "in", () -> "later")).isEqualTo("later");
            open.countDown();
        }
        assertThat(gate.inTurn(() -> "in", () -> "later")).isEqualTo("in");
    }

    @Test
    void letsEverybodyInInTheirTurn() {
        ProofGate gate = gate(Duration.ofMinutes(1));
        var most = new AtomicInteger();
        var now = new AtomicInteger();
        var done = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; n < 500; n++) {
                threads.execute(() -> gate.inTurn(
                        () -> {
                            most.accumulateAndGet(now.incrementAndGet(), Math::max);
                            Thread.yield();
                            now.decrementAndGet();
                            return done.incrementAndGet();
                        },
                        () -> 0));
            }
        }
        assertThat(done).hasValue(500);
        assertThat(most.get()).isLessThanOrEqualTo(AT_ONCE);
    }

    private static boolean waits(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Moving extends Clock {

        private Instant now = Instant.parse("2026-11-02T15:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
