package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import health.throughline.organization.Holds;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The narrow, busy table of what is to be sent: claims, leases, fences and states. */
@Repository
class JdbcDispatch {

    /** How long the next message to an address waits for a long one to be passed on, whose receipt may never come. */
    private static final int FREED_AT_ONCE = 1000;

    private static final Duration AFTER_A_LONG_ONE = Duration.ofSeconds(10);

    private static final int MOST_SPOKEN_OF = 20;

    /** A node that freezes in the middle of a claim keeps the others from claiming no longer than this. */
    private static final String CLAIM_LIMIT_MILLIS = "3000";

    /**
     * Walks from unit to unit by the index, looking at no more than 40 rows of each; within an urgency it takes the first of each
     * unit, then the second of each, beginning with the unit that was served longest ago.
     */
    static final String CLAIM = """
            with recursive unit (urgency_rank, org_unit_id) as (
                (select d.urgency_rank, d.org_unit_id from dispatch d where d.state = 'queued' and d.channel = :channel
                 order by d.urgency_rank, d.org_unit_id limit 1)
                union all
                select n.urgency_rank, n.org_unit_id from unit u, lateral (
                    select d.urgency_rank, d.org_unit_id from dispatch d where d.state = 'queued' and d.channel = :channel
                      and (d.urgency_rank, d.org_unit_id) > (u.urgency_rank, u.org_unit_id)
                    order by d.urgency_rank, d.org_unit_id limit 1) n
            ), candidate as (
                select c.message_id, c.due_at, u.urgency_rank, t.turn,
                    row_number() over (partition by u.urgency_rank, u.org_unit_id order by c.due_at, c.message_id) as nth
                from unit u
                left join dispatch_turn t on t.channel = :channel and t.org_unit_id = u.org_unit_id
                cross join lateral (
                    select d.message_id, d.due_at from dispatch d
                    where d.state = 'queued' and d.channel = :channel and d.urgency_rank = u.urgency_rank
                      and d.org_unit_id = u.org_unit_id and d.due_at <= :now
                      and not exists (select 1 from dispatch f where f.address_id = d.address_id
                        and f.state in ('leased', 'attempting') and f.carrier_id is null)
                      and not exists (select 1 from dispatch e where e.address_id = d.address_id and e.state = 'queued'
                        and e.due_at <= :now and (e.urgency_rank, e.due_at, e.message_id) < (d.urgency_rank, d.due_at, d.message_id))
                      and (d.urgency_rank = 0 or not exists (select 1 from dispatch l where l.address_id = d.address_id and l.clear_at > :now))
                    order by d.due_at, d.message_id
                    limit least(:limit, 40)) c
            ), chosen as (
                select message_id from candidate order by urgency_rank, nth, turn nulls first, due_at, message_id limit :limit
            ), claimed as (
                update dispatch set state = 'leased', lease_owner = :node, lease_until = :until, fence = fence + 1
                where message_id in (
                    select d.message_id from dispatch d where d.message_id in (select message_id from chosen) and d.state = 'queued'
                    for update skip locked)
                returning message_id, message_created_at, address_id, fence, units, org_unit_id
            ), served as (
                insert into dispatch_turn (channel, org_unit_id, turn)
                select :channel, u.org_unit_id, nextval('dispatch_turn_number') from (select distinct org_unit_id from claimed) u
                on conflict (channel, org_unit_id) do update set turn = excluded.turn
            )
            select message_id, message_created_at, address_id, fence, units from claimed
            """;

    private final JdbcClient jdbc;

    JdbcDispatch(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A claimed message; only the holder of this fence may go on with it. */
    record Claim(UUID message, Instant createdAt, UUID address, int fence, int units) {}

    /** The row as it stands, locked by the reader. */
    record Row(
            UUID message,
            Instant createdAt,
            String state,
            Instant dueAt,
            Instant expiresAt,
            int fence,
            int attempts,
            @Nullable UUID attempt,
            UUID address,
            String senderId,
            Channel channel,
            int urgencyRank,
            UUID orgUnit,
            @Nullable UUID patient,
            @Nullable UUID journeyInstance,
            @Nullable String withdrawn,
            @Nullable String providerId,
            int polls,
            @Nullable Instant unknownSince,
            boolean resent,
            @Nullable String reason,
            @Nullable String journeyKey,
            @Nullable OrgUnitId location,
            @Nullable UUID heldBy,
            boolean toStaff,
            String purpose,
            boolean automated,
            @Nullable String together) {

        Holds.Sending sending() {
            return new Holds.Sending(new OrgUnitId(orgUnit), journeyKey, channel.code(), location);
        }
    }

    /**
     * Claims due messages: the urgent first, then each unit in its turn, so that a large one does not keep the others waiting; of each
     * address the first in line, and none while another is on its way there or a long one has not been passed on yet. Claims of one
     * channel follow one another, on whatever node, so that the order at an address holds.
     */
    @Transactional
    public List<Claim> claim(Channel channel, String node, Duration lease, Instant now, int limit) {
        jdbc.sql("select set_config('idle_in_transaction_session_timeout', :limit, true)")
                .param("limit", CLAIM_LIMIT_MILLIS)
                .query(String.class)
                .single();
        boolean alone = jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended('claim:' || :channel, 0))")
                .param("channel", channel.code())
                .query(Boolean.class)
                .single();
        if (!alone) {
            return List.of();
        }
        return jdbc.sql(CLAIM)
                .param("node", node)
                .param("until", utc(now.plus(lease)))
                .param("channel", channel.code())
                .param("now", utc(now))
                .param("limit", limit)
                .query((row, n) -> new Claim(
                        row.getObject(1, UUID.class),
                        JdbcMessages.instant(row, "message_created_at"),
                        row.getObject(3, UUID.class),
                        row.getInt(4),
                        row.getInt(5)))
                .list();
    }

    /** Whom an attempt of it would speak about: its own patient, and those whose messages would be said with it. */
    Set<PatientId> spokenOf(UUID message) {
        return jdbc.sql("""
                        select patient_id from dispatch where message_id = :message and patient_id is not null
                        union
                        select o.patient_id from dispatch d cross join lateral (
                            select o.patient_id from dispatch o where o.address_id = d.address_id and o.state = 'queued'
                              and o.together = d.together and o.patient_id is not null
                            order by o.due_at, o.message_id limit :most) o
                        where d.message_id = :message
                        """).param("message", message).param("most", MOST_SPOKEN_OF).query(UUID.class).stream()
                .map(PatientId::new)
                .collect(Collectors.toSet());
    }

    Optional<Row> lock(UUID message) {
        return jdbc.sql("select * from dispatch where message_id = ? for update")
                .param(message)
                .query(JdbcDispatch::row)
                .optional();
    }

    Optional<Row> lockByAttempt(UUID attempt) {
        return jdbc.sql("select message_id from attempt where id = ?")
                .param(attempt)
                .query(UUID.class)
                .optional()
                .flatMap(this::lock);
    }

    Optional<Row> lockByProviderId(String providerId) {
        return jdbc.sql("select * from dispatch where provider_id = ? for update")
                .param(providerId)
                .query(JdbcDispatch::row)
                .optional();
    }

    /** Evidence says why; an older block keeps its own. */
    void suppressAddress(UUID address, String sender, String evidence, Instant now) {
        jdbc.sql("""
                        insert into carrier_block (address_id, sender_id, blocked_at, evidence) values (?, ?, ?, ?)
                        on conflict (address_id, sender_id) do update
                            set blocked_at = excluded.blocked_at, lifted_at = null, evidence = excluded.evidence
                            where carrier_block.lifted_at < excluded.blocked_at
                        """).params(address, sender, utc(now), evidence).update();
    }

    /** Another attempt to the same address is on the wire; order and "one in flight" would break. */
    boolean addressBusy(UUID address, UUID exceptMessage) {
        return jdbc.sql(
                        "select exists (select 1 from dispatch where address_id = ? and state = 'attempting' and message_id <> ?)")
                .params(address, exceptMessage)
                .query(Boolean.class)
                .single();
    }

    UUID startAttempt(Row row, String node, UUID decision, Instant now, Duration limit, int units) {
        UUID attempt = TimeOrderedId.next();
        jdbc.sql("""
                        insert into attempt (id, message_id, number, sender_id, node, fence, decision_id, started_at, units)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        attempt,
                        row.message(),
                        row.attempts() + 1,
                        row.senderId(),
                        node,
                        row.fence(),
                        decision,
                        utc(now),
                        units)
                .update();
        jdbc.sql("""
                        update dispatch set state = 'attempting', attempt_id = ?, attempts = attempts + 1, lease_until = ?
                        where message_id = ?
                        """).params(attempt, utc(now.plus(limit)), row.message()).update();
        return attempt;
    }

    void outcome(
            UUID attempt,
            String outcome,
            String evidence,
            @Nullable String providerId,
            @Nullable String code,
            @Nullable String reason,
            Instant now) {
        jdbc.sql("""
                        insert into attempt_outcome (id, attempt_id, outcome, evidence, provider_id, code, reason, at)
                        values (?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(Arrays.asList(
                        TimeOrderedId.next(), attempt, outcome, evidence, providerId, code, reason, utc(now)))
                .update();
    }

    void requeue(UUID message, Instant due, @Nullable String reason) {
        jdbc.sql("""
                        update dispatch set state = 'queued', due_at = ?, reason = ?, held_by = null, lease_owner = null, lease_until = null
                        where message_id = ?
                        """).params(Arrays.asList(utc(due), reason, message)).update();
        release(message, due, reason, false);
    }

    /** What it was to say for others stands alone again: what holds then is looked at anew. */
    private void release(UUID carrier, Instant due, @Nullable String reason, boolean resent) {
        jdbc.sql("""
                        update dispatch set state = 'queued', due_at = ?, reason = ?, resent = resent or ?, carrier_id = null, attempt_id = null,
                            unknown_since = null
                        where carrier_id = ?
                        """).params(Arrays.asList(utc(due), reason, resent, carrier)).update();
    }

    /** The attempt of the one says the others as well. */
    void carry(UUID carrier, UUID attempt, List<UUID> others) {
        jdbc.sql("""
                        update dispatch set state = 'attempting', carrier_id = :carrier, attempt_id = :attempt, attempts = attempts + 1,
                            reason = null, lease_owner = null, lease_until = null
                        where message_id = any(:others)
                        """)
                .param("carrier", carrier)
                .param("attempt", attempt)
                .param("others", others.toArray(UUID[]::new))
                .update();
    }

    /** What it says besides itself. */
    List<Row> carriedBy(UUID carrier) {
        return jdbc.sql("select * from dispatch where carrier_id = ? order by message_id")
                .param(carrier)
                .query(JdbcDispatch::row)
                .list();
    }

    /** @return how often it could not be prepared, this time included */
    int stumbled(UUID message) {
        return jdbc.sql("update dispatch set stumbles = stumbles + 1 where message_id = ? returning stumbles")
                .param(message)
                .query(Integer.class)
                .single();
    }

    /** Nobody claims it again before the hold is over or the message itself is: what is held must not use up the rate of what may go. */
    void hold(UUID message, UUID hold, Instant until) {
        jdbc.sql("""
                        update dispatch set state = 'queued', due_at = ?, reason = 'held', held_by = ?, lease_owner = null, lease_until = null
                        where message_id = ?
                        """).params(utc(until), hold, message).update();
    }

    /** What was stopped by a hold that is over is due again, so many at a time. @return how many */
    @Transactional
    public int freeHeld(Instant now) {
        return jdbc.sql("""
                        update dispatch set due_at = :now, held_by = null, reason = 'released' where message_id in (
                            select d.message_id from dispatch d where d.state = 'queued' and d.held_by in (
                                select h.id from hold h where not hold_in_force(h, :now)
                                  and exists (select 1 from dispatch x where x.held_by = h.id and x.state = 'queued'))
                            limit :most for update skip locked)
                        """).param("now", utc(now)).param("most", FREED_AT_ONCE).update();
    }

    void resend(UUID message, Instant due) {
        jdbc.sql("""
                        update dispatch set state = 'queued', due_at = ?, resent = true, polls = 0, unknown_since = null,
                            reason = 'resent-after-unknown', lease_owner = null, lease_until = null
                        where message_id = ?
                        """).params(utc(due), message).update();
        release(message, due, "resent-after-unknown", true);
    }

    /** The department only pretends: it went nowhere, at this moment. */
    void shadow(UUID message, String reason, Instant now) {
        jdbc.sql("""
                        update dispatch set state = 'suppressed', reason = ?, shadow_at = ?, lease_owner = null, lease_until = null
                        where message_id = ?
                        """).params(reason, utc(now), message).update();
    }

    void end(UUID message, String state, String reason) {
        jdbc.sql(
                        "update dispatch set state = ?, reason = ?, lease_owner = null, lease_until = null where message_id = ? or carrier_id = ?")
                .params(state, reason, message, message)
                .update();
    }

    /** The provider has it; the first such moment is when it was sent. After a long one the address waits until it was passed on. */
    void reached(UUID message, String state, @Nullable String providerId, Instant when, @Nullable String reason) {
        jdbc.sql("""
                        update dispatch d set state = :state, sent_at = coalesce(sent_at, :when), reason = :reason,
                            provider_id = case when carrier_id is null then coalesce(:provider, provider_id) end,
                            clear_at = case when :state = 'accepted' and carrier_id is null
                                and (select a.units from attempt a where a.id = d.attempt_id) > 1 then cast(:clear as timestamptz) end,
                            lease_owner = null, lease_until = null
                        where message_id = :message or carrier_id = :message
                        """)
                .param("state", state)
                .param("when", utc(when))
                .param("reason", reason)
                .param("provider", providerId)
                .param("clear", utc(when.plus(AFTER_A_LONG_ONE)))
                .param("message", message)
                .update();
    }

    /** Nobody heard of a long one being passed on: its address has waited long enough. */
    @Transactional
    public int clear(Instant now) {
        return jdbc.sql("""
                        update dispatch set clear_at = null where message_id in (
                            select message_id from dispatch where clear_at <= ? for update skip locked)
                        """).param(utc(now)).update();
    }

    void unknown(UUID message, Instant now, Instant firstPoll, String reason) {
        jdbc.sql("""
                        update dispatch set state = 'unknown', unknown_since = coalesce(unknown_since, ?), due_at = ?, polls = 0, reason = ?,
                            lease_owner = null, lease_until = null
                        where message_id = ? or carrier_id = ?
                        """).params(utc(now), utc(firstPoll), reason, message, message).update();
    }

    void polled(UUID message, int polls, Instant next, @Nullable String reason) {
        jdbc.sql("update dispatch set polls = ?, due_at = ?, reason = coalesce(?, reason) where message_id = ?")
                .params(Arrays.asList(polls, utc(next), reason, message))
                .update();
    }

    /**
     * Leases that ran out before an attempt was written down: nothing left this node, so anybody may go on. A row that a node keeps locked
     * is left for the next look: whoever is gone in the midst of a transaction stops nobody else.
     */
    int freeAbandoned(Instant now) {
        return jdbc.sql("""
                        update dispatch set state = 'queued', lease_owner = null, lease_until = null where message_id in (
                            select message_id from dispatch where state = 'leased' and lease_until < ? for update skip locked)
                        """).param(utc(now)).update();
    }

    List<Row> lockLostAttempts(Instant now, int limit) {
        return jdbc.sql(
                        "select * from dispatch where state = 'attempting' and lease_until < ? limit ? for update skip locked")
                .params(utc(now), limit)
                .query(JdbcDispatch::row)
                .list();
    }

    /** Takes unknown outcomes that are due to be looked up, and keeps other nodes off them meanwhile. */
    @Transactional(propagation = Propagation.REQUIRED)
    public List<Row> claimUnknown(Channel channel, Instant now, Duration busyFor, int limit) {
        return jdbc.sql("""
                        update dispatch set due_at = ? where message_id in (
                            select message_id from dispatch where state = 'unknown' and channel = ? and carrier_id is null and due_at <= ?
                            order by due_at limit ? for update skip locked)
                        returning *
                        """)
                .params(utc(now.plus(busyFor)), channel.code(), utc(now), limit)
                .query(JdbcDispatch::row)
                .list();
    }

    Set<String> providerIds(UUID address) {
        return Set.copyOf(jdbc.sql("select provider_id from dispatch where address_id = ? and provider_id is not null")
                .param(address)
                .query(String.class)
                .list());
    }

    static Row row(ResultSet row, int number) throws SQLException {
        UUID location = row.getObject("location_id", UUID.class);
        return new Row(
                row.getObject("message_id", UUID.class),
                JdbcMessages.instant(row, "message_created_at"),
                row.getString("state"),
                JdbcMessages.instant(row, "due_at"),
                JdbcMessages.instant(row, "expires_at"),
                row.getInt("fence"),
                row.getInt("attempts"),
                row.getObject("attempt_id", UUID.class),
                row.getObject("address_id", UUID.class),
                row.getString("sender_id"),
                Channel.ofCode(row.getString("channel")),
                row.getInt("urgency_rank"),
                row.getObject("org_unit_id", UUID.class),
                row.getObject("patient_id", UUID.class),
                row.getObject("journey_instance_id", UUID.class),
                row.getString("withdrawn"),
                row.getString("provider_id"),
                row.getInt("polls"),
                JdbcMessages.nullableInstant(row, "unknown_since"),
                row.getBoolean("resent"),
                row.getString("reason"),
                row.getString("journey_key"),
                location == null ? null : new OrgUnitId(location),
                row.getObject("held_by", UUID.class),
                row.getBoolean("to_staff"),
                row.getString("purpose"),
                row.getBoolean("automated"),
                row.getString("together"));
    }
}
