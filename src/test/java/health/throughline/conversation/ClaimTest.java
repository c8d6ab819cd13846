package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Which messages go first, on a channel that no dispatcher serves. */
@DisplayName(
        "Claims: urgency, fair shares, order at an address (RELIABILITY: one in flight, one slow never blocks another)")
class ClaimTest extends TextingTest {

    private static final Channel CHANNEL = Channel.ofCode("claims");
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final int BATCH = 100;

    @Autowired
    private JdbcDispatch dispatch;

    private final UUID large = UUID.randomUUID();
    private final UUID small = UUID.randomUUID();

    @AfterEach
    void nothingIsLeft() {
        asOwner().sql("delete from dispatch where channel = 'claims'").update();
        asOwner().sql("delete from dispatch_turn where channel = 'claims'").update();
    }

    @Test
    void aBulkOfFiveThousandDoesNotDelayTheTenOfAnotherDepartment() {
        Instant now = clock.instant();
        bulk(large, 5_000, now.minus(Duration.ofHours(1)));
        bulk(small, 10, now);
        assertThat(unitsOf(claim(BATCH)).stream().filter(small::equals)).hasSize(10);

        // control: by due time alone the ten come after all of the bulk
        List<UUID> plainly = asOwner().sql("""
                        select org_unit_id from dispatch where channel = 'claims' and state = 'queued'
                        order by urgency_rank, due_at, message_id limit 1000
                        """).query(UUID.class).list();
        assertThat(plainly).hasSize(1000).doesNotContain(small);
    }

    @Test
    void aSlowRateIsSharedInTurns() {
        Instant now = clock.instant();
        bulk(large, 50, now.minus(Duration.ofHours(1)));
        bulk(small, 5, now);
        List<UUID> served = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            served.addAll(unitsOf(claim(1)));
        }
        assertThat(served.stream().filter(small::equals)).hasSize(5);
    }

    @Test
    void urgentGoesBeforeAnyShare() {
        Instant now = clock.instant();
        bulk(small, 20, now.minus(Duration.ofHours(1)));
        UUID urgent = row(large, UUID.randomUUID(), 0, now);
        assertThat(claim(1)).containsExactly(urgent);
    }

    @Test
    void anAddressIsServedInOrderAndOneAtATime() {
        Instant now = clock.instant();
        UUID address = UUID.randomUUID();
        UUID routine = row(small, address, 2, now.minusSeconds(300));
        UUID second = row(small, address, 1, now.minusSeconds(10));
        UUID first = row(large, address, 1, now.minusSeconds(20));
        UUID elsewhere = row(small, UUID.randomUUID(), 2, now);

        assertThat(claim(BATCH)).containsExactlyInAnyOrder(first, elsewhere);
        assertThat(claim(BATCH)).as("while the first is on its way").isEmpty();
        becomes(first, "sent");
        assertThat(claim(BATCH)).containsExactly(second);
        becomes(second, "sent");
        assertThat(claim(BATCH)).containsExactly(routine);
    }

    @Test
    void waitsAMomentAfterALongOneUntilItWasPassedOn() {
        Instant now = clock.instant();
        UUID address = UUID.randomUUID();
        UUID longOne = row(small, address, 1, now.minusSeconds(20));
        UUID next = row(small, address, 1, now);
        assertThat(claim(BATCH)).containsExactly(longOne);
        inTransaction(() -> {
            JdbcDispatch.Row locked = dispatch.lock(longOne).orElseThrow();
            dispatch.startAttempt(locked, "test", UUID.randomUUID(), now, LEASE, 3);
            dispatch.reached(longOne, "accepted", null, now, null);
            return locked;
        });
        assertThat(claim(BATCH)).as("accepted, and long").isEmpty();
        inTransaction(() -> dispatch.clear(now));
        assertThat(claim(BATCH)).isEmpty();
        inTransaction(() -> {
            dispatch.reached(longOne, "sent", null, now, null);
            return longOne;
        });
        assertThat(claim(BATCH)).containsExactly(next);
    }

    @Test
    void twoNodesNeverHaveTwoOfOneAddressAndClaimEachOnce() {
        Instant now = clock.instant();
        List<UUID> addresses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            UUID address = UUID.randomUUID();
            addresses.add(address);
            row(large, address, 1, now.minusSeconds(10));
            row(small, address, 1, now.minusSeconds(5));
        }
        List<CompletableFuture<List<UUID>>> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(CompletableFuture.supplyAsync(() -> {
                List<UUID> got = new ArrayList<>();
                for (int n = 0; n < 10; n++) {
                    got.addAll(claim(7));
                }
                return got;
            }));
        }
        List<UUID> all = nodes.stream().flatMap(node -> node.join().stream()).toList();
        Set<UUID> once = new HashSet<>(all);
        assertThat(all).hasSameSizeAs(once).hasSize(addresses.size());
        assertThat(unitsOf(all)).as("the first in line of each").containsOnly(large);
    }

    @Test
    void aClaimAmongTwentyThousandUsesTheIndexAndIsQuick() {
        Instant now = clock.instant();
        for (int unit = 0; unit < 20; unit++) {
            bulk(UUID.randomUUID(), 1_000, now.minusSeconds(60));
        }
        asOwner().sql("analyze dispatch").update();
        claim(BATCH);
        long begun = System.nanoTime();
        for (int i = 0; i < 5; i++) {
            assertThat(claim(BATCH)).hasSize(BATCH);
        }
        long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis() / 5;
        String plan = String.join(
                "\n",
                inTransaction(() -> jdbc.sql("explain " + JdbcDispatch.CLAIM)
                        .param("node", "test")
                        .param("until", JdbcMessages.utc(now.plus(LEASE)))
                        .param("channel", CHANNEL.code())
                        .param("now", JdbcMessages.utc(now))
                        .param("limit", BATCH)
                        .query(String.class)
                        .list()));
        System.out.printf("Claim: %d ms for %d of 20,000 queued messages of 20 units%n", millis, BATCH);
        assertThat(plan).contains("dispatch_fair").doesNotContain("Seq Scan on dispatch ");
        assertThat(millis).isLessThan(500);
    }

    private List<UUID> claim(int limit) {
        // another claim may be in the middle of its own
        for (int tries = 0; tries < 50; tries++) {
            List<UUID> claimed = dispatch.claim(CHANNEL, "test", LEASE, clock.instant(), limit).stream()
                    .map(JdbcDispatch.Claim::message)
                    .toList();
            if (!claimed.isEmpty()) {
                return claimed;
            }
        }
        return List.of();
    }

    private List<UUID> unitsOf(List<UUID> messages) {
        return messages.stream()
                .map(message -> asOwner()
                        .sql("select org_unit_id from dispatch where message_id = ?")
                        .param(message)
                        .query(UUID.class)
                        .single())
                .toList();
    }

    private void becomes(UUID message, String state) {
        asOwner()
                .sql("update dispatch set state = ? where message_id = ?")
                .params(state, message)
                .update();
    }

    private UUID row(UUID unit, UUID address, int urgency, Instant due) {
        UUID id = TimeOrderedId.next();
        asOwner()
                .sql("""
                        insert into dispatch (message_id, message_created_at, state, due_at, expires_at, address_id, sender_id, channel,
                            urgency_rank, units, org_unit_id)
                        values (?, ?, 'queued', ?, ?, ?, 'claims-main', 'claims', ?, 1, ?)
                        """)
                .params(
                        id,
                        JdbcMessages.utc(due),
                        JdbcMessages.utc(due),
                        JdbcMessages.utc(due.plus(Duration.ofDays(1))),
                        address,
                        urgency,
                        unit)
                .update();
        return id;
    }

    private void bulk(UUID unit, int size, Instant due) {
        asOwner()
                .sql("""
                        insert into dispatch (message_id, message_created_at, state, due_at, expires_at, address_id, sender_id, channel,
                            urgency_rank, units, org_unit_id)
                        select gen_random_uuid(), :due, 'queued', :due, :due + interval '1 day', gen_random_uuid(), 'claims-main', 'claims',
                            1, 1, :unit from generate_series(1, :size)
                        """)
                .param("due", JdbcMessages.utc(due))
                .param("unit", unit)
                .param("size", size)
                .update();
    }
}
