package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.channel.InboundMessage.Doubt;
import health.throughline.encryption.Encryption;
import health.throughline.patient.AddressId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Inbound messages waiting to be worked off. */
@Repository
class JdbcInbound {

    private final JdbcClient jdbc;
    private final Encryption encryption;

    JdbcInbound(JdbcClient jdbc, Encryption encryption) {
        this.jdbc = jdbc;
        this.encryption = encryption;
    }

    /** @param saidAt when it was said, by the provider; before {@code receivedAt} where it was heard of later */
    record Work(UUID inbound, Instant receivedAt, Instant saidAt, UUID address, int tries) {}

    /** Takes what is due, what may speak of danger and then the oldest first, and keeps others off it for as long as a handling may take. */
    @Transactional
    public List<Work> claim(Instant now, Duration busyFor, int limit) {
        return jdbc.sql("""
                        with claimed as (
                            update inbound_work set due_at = ?, tries = tries + 1 where inbound_id in (
                                select inbound_id from inbound_work where state = 'received' and due_at <= ?
                                order by urgent desc, due_at limit ? for update skip locked)
                            returning inbound_id, received_at, said_at, address_id, tries, urgent)
                        select * from claimed order by urgent desc, received_at, inbound_id
                        """)
                .params(utc(now.plus(busyFor)), utc(now), limit)
                .query(JdbcInbound::work)
                .list();
    }

    /** @return none when somebody else has finished it meanwhile */
    Optional<Work> lock(UUID inbound) {
        return jdbc.sql(
                        "select inbound_id, received_at, said_at, address_id, tries from inbound_work where inbound_id = ? and state = 'received' for update")
                .param(inbound)
                .query(JdbcInbound::work)
                .optional();
    }

    /** Said since then, by the provider's time: what was heard of hours later is nobody waiting for an answer. */
    boolean wroteSince(AddressId address, Instant since) {
        return jdbc.sql(
                        "select exists (select 1 from inbound_work where address_id = :address and received_at >= :since and said_at >= :since)")
                .param("address", address.value())
                .param("since", utc(since))
                .query(Boolean.class)
                .single();
    }

    /** Something came from the address that nobody has read yet: it may be a refusal in words no list knows (K3). */
    boolean unread(UUID address) {
        return jdbc.sql("select exists (select 1 from inbound_work where address_id = ? and state = 'received')")
                .param(address)
                .query(Boolean.class)
                .single();
    }

    /** Something said in answer to that very attempt, a key pressed in its call, waits to be read. */
    boolean answerUnread(UUID address, UUID attempt) {
        return jdbc.sql("""
                        select exists (select 1 from inbound_work w
                            join inbound i on i.id = w.inbound_id and i.received_at = w.received_at
                            where w.address_id = ? and w.state = 'received' and i.answers = ?)
                        """).params(address, attempt).query(Boolean.class).single();
    }

    /** An older message of the same address is still being worked off: order holds. */
    boolean olderWaits(Work work) {
        return jdbc.sql("""
                        select exists (select 1 from inbound_work where address_id = ? and state = 'received'
                            and (received_at, inbound_id) < (?, ?))
                        """)
                .params(work.address(), utc(work.receivedAt()), work.inbound())
                .query(Boolean.class)
                .single();
    }

    /**
     * What came in.
     *
     * @param answers the message it proves to answer
     * @param choice what was pressed instead of written
     * @param doubt why a person has to look at it
     * @param pictures how many pictures or files came by the phone
     */
    record Said(
            String body,
            @Nullable UUID answers,
            @Nullable String choice,
            boolean automatic,
            @Nullable Doubt doubt,
            int pictures) {

        /** Whether nothing speaks against its coming from the address it names. */
        boolean isOfWhomItNames() {
            return doubt == null || !doubt.ofSender();
        }

        /** There is nothing to read: somebody has to look. */
        boolean isPictureAlone() {
            return pictures > 0 && choice == null && body.isBlank();
        }
    }

    Said said(Work work) {
        return jdbc.sql("""
                        select i.body, t.message_id as answers, i.choice, i.automatic, i.doubt,
                            (select count(*) from inbound_attachment a where a.inbound_id = i.id and i.channel = 'sms') as pictures
                        from inbound i left join attempt t on t.id = i.answers
                        where i.id = ? and i.received_at = ?
                        """)
                .params(work.inbound(), utc(work.receivedAt()))
                .query((row, n) -> new Said(
                        encryption.decrypt(
                                encryption.systemKey(), JdbcInbox.bodyField(work.inbound()), row.getBytes("body")),
                        row.getObject("answers", UUID.class),
                        row.getString("choice"),
                        row.getBoolean("automatic"),
                        Optional.ofNullable(row.getString("doubt"))
                                .map(Doubt::ofCode)
                                .orElse(null),
                        row.getInt("pictures")))
                .single();
    }

    /** Where the message went. */
    Optional<UUID> sentTo(UUID message) {
        return jdbc.sql("select address_id from dispatch where message_id = ?")
                .param(message)
                .query(UUID.class)
                .optional();
    }

    /** @param pressed a key or a button, instead of written */
    record Means(String channel, boolean pressed) {}

    Means means(Work work) {
        return jdbc.sql("select channel, choice is not null as pressed from inbound where id = ? and received_at = ?")
                .params(work.inbound(), utc(work.receivedAt()))
                .query(Means.class)
                .single();
    }

    void later(UUID inbound, Instant due) {
        jdbc.sql("update inbound_work set due_at = ? where inbound_id = ?")
                .params(utc(due), inbound)
                .update();
    }

    /** It waits for an older one: that was no try. */
    void stillBehind(UUID inbound, Instant due) {
        jdbc.sql("update inbound_work set due_at = ?, tries = greatest(tries - 1, 0) where inbound_id = ?")
                .params(utc(due), inbound)
                .update();
    }

    void finish(UUID inbound, String state, Finding finding, Instant now) {
        jdbc.sql("""
                        update inbound_work set state = ?, patient_id = ?, thread_id = ?, question_id = ?, journey_instance_id = ?,
                            org_unit_id = ?, language = ?, meaning = ?, reason = ?, handled_at = ?
                        where inbound_id = ?
                        """)
                .params(Arrays.asList(
                        state,
                        finding.patient(),
                        finding.thread(),
                        finding.question(),
                        finding.journeyInstance(),
                        finding.orgUnit(),
                        finding.language(),
                        finding.meaning(),
                        finding.reason(),
                        utc(now),
                        inbound))
                .update();
    }

    /** What was settled by its words goes to a person besides. @return what was found out; none where it did not end so */
    Optional<Finding> settledButForPerson(UUID inbound) {
        return jdbc.sql("""
                        update inbound_work set state = 'with_person' where inbound_id = ? and state = 'handled'
                        returning patient_id, thread_id, question_id, journey_instance_id, org_unit_id, language, meaning, reason
                        """)
                .param(inbound)
                .query((row, n) -> new Finding(
                        row.getObject("patient_id", UUID.class),
                        row.getObject("thread_id", UUID.class),
                        row.getObject("question_id", UUID.class),
                        row.getObject("journey_instance_id", UUID.class),
                        row.getObject("org_unit_id", UUID.class),
                        row.getString("language"),
                        row.getString("meaning"),
                        row.getString("reason")))
                .optional();
    }

    /** What was found out about an inbound message. */
    record Finding(
            @Nullable UUID patient,
            @Nullable UUID thread,
            @Nullable UUID question,
            @Nullable UUID journeyInstance,
            @Nullable UUID orgUnit,
            @Nullable String language,
            String meaning,
            String reason) {}

    private static Work work(ResultSet row, int number) throws SQLException {
        return new Work(
                row.getObject("inbound_id", UUID.class),
                JdbcMessages.instant(row, "received_at"),
                JdbcMessages.instant(row, "said_at"),
                row.getObject("address_id", UUID.class),
                row.getInt("tries"));
    }
}
