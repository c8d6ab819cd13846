package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.channel.Attached;
import health.throughline.channel.AttachmentStore;
import health.throughline.channel.InboundMessage;
import health.throughline.encryption.Encryption;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** What came with inbound messages. Its own part of the inbound queue: what is still to be fetched. */
@Repository
class JdbcAttachments implements Attachments {

    private static final String COLUMNS = "select a.id, a.inbound_id, a.kind, a.name, a.type, a.bytes, a.state, a.why ";
    private static final Logger LOG = LoggerFactory.getLogger(JdbcAttachments.class);

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final AttachmentStore store;

    JdbcAttachments(JdbcClient jdbc, Encryption encryption, AttachmentStore store) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.store = store;
    }

    /** In the transaction that stores the message. @return whether something is to be fetched */
    boolean add(UUID inbound, InboundMessage message, Instant now) {
        boolean toFetch = false;
        for (int i = 0; i < message.attached().size(); i++) {
            UUID id = AttachmentStore.idOf(message.providerId(), i);
            switch (message.attached().get(i)) {
                case Attached.ToFetch fetch -> {
                    insert(
                            id,
                            inbound,
                            i,
                            message,
                            fetch.reference(),
                            fetch.kind(),
                            "",
                            "to-fetch",
                            null,
                            null,
                            null,
                            now);
                    toFetch = true;
                }
                case Attached.Kept kept ->
                    insert(
                            kept.id(),
                            inbound,
                            i,
                            message,
                            null,
                            Attached.Kind.ofType(kept.type()),
                            kept.name(),
                            "kept",
                            kept.type(),
                            kept.bytes(),
                            null,
                            now);
                case Attached.NotKept not ->
                    insert(
                            id,
                            inbound,
                            i,
                            message,
                            null,
                            not.kind(),
                            not.name(),
                            "not-kept",
                            null,
                            null,
                            not.why(),
                            now);
            }
        }
        return toFetch;
    }

    private void insert(
            UUID id,
            UUID inbound,
            int position,
            InboundMessage message,
            @Nullable String reference,
            Attached.Kind kind,
            String name,
            String state,
            @Nullable String type,
            @Nullable Long bytes,
            @Nullable String why,
            Instant now) {
        jdbc.sql("""
                        insert into inbound_attachment (id, inbound_id, position, provider, reference, kind, name, state, type, bytes,
                            why, due_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(Arrays.asList(
                        id,
                        inbound,
                        position,
                        message.provider(),
                        reference,
                        kind.code(),
                        name.isEmpty() ? null : encryption.encrypt(encryption.systemKey(), nameField(id), name),
                        state,
                        type,
                        bytes,
                        why,
                        utc(now)))
                .update();
    }

    /** Of several messages at once, in the order they came. */
    Map<UUID, List<Attachment>> of(Collection<UUID> inbounds) {
        if (inbounds.isEmpty()) {
            return Map.of();
        }
        return jdbc
                .sql(COLUMNS
                        + "from inbound_attachment a where a.inbound_id = any(?) order by a.inbound_id, a.position")
                .param(inbounds.toArray(UUID[]::new))
                .query((row, n) -> Map.entry(row.getObject("inbound_id", UUID.class), attachment(row)))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    @Override
    public Optional<Opened> open(UUID id) {
        return jdbc.sql(COLUMNS + """
                        , w.patient_id from inbound_attachment a join inbound_work w on w.inbound_id = a.inbound_id where a.id = ?
                        """)
                .param(id)
                .query((row, n) -> new Opened(attachment(row), row.getObject("patient_id", UUID.class), null))
                .optional()
                .map(found -> new Opened(found.what(), found.patient(), content(found.what())));
    }

    private byte @Nullable [] content(Attachment what) {
        if (!what.state().equals("kept")) {
            return null;
        }
        try {
            return store.read(what.id());
        } catch (IOException e) {
            LOG.error("Attachment {} is not where it was kept", what.id(), e);
            return null;
        }
    }

    /** One that is still to be fetched. */
    record Due(UUID id, UUID inbound, String provider, String reference, Attached.Kind kind, int tries) {}

    /** Takes what is due, oldest first, and keeps other nodes off it for as long as a fetch may take. */
    @Transactional
    public List<Due> claim(Instant now, Duration busyFor, int limit) {
        return jdbc.sql("""
                        update inbound_attachment set due_at = ?, tries = tries + 1 where id in (
                            select id from inbound_attachment where state = 'to-fetch' and due_at <= ?
                            order by due_at limit ? for update skip locked)
                        returning id, inbound_id, provider, reference, kind, tries
                        """)
                .params(utc(now.plus(busyFor)), utc(now), limit)
                .query((row, n) -> new Due(
                        row.getObject("id", UUID.class),
                        row.getObject("inbound_id", UUID.class),
                        row.getString("provider"),
                        String.valueOf(row.getString("reference")),
                        Attached.Kind.ofCode(row.getString("kind")),
                        row.getInt("tries")))
                .list();
    }

    @Transactional
    public void again(UUID id, Instant due) {
        jdbc.sql("update inbound_attachment set due_at = ? where id = ? and state = 'to-fetch'")
                .params(utc(due), id)
                .update();
    }

    /** It is decided what becomes of it. @return the patient who sent it, where known */
    Optional<UUID> became(Due due, Attached became) {
        switch (became) {
            case Attached.Kept kept ->
                jdbc.sql("""
                                update inbound_attachment set state = 'kept', kind = ?, type = ?, bytes = ?
                                where id = ? and state = 'to-fetch'
                                """)
                        .params(Attached.Kind.ofType(kept.type()).code(), kept.type(), kept.bytes(), due.id())
                        .update();
            case Attached.NotKept not ->
                jdbc.sql(
                                "update inbound_attachment set state = 'not-kept', why = ? where id = ? and state = 'to-fetch'")
                        .params(not.why(), due.id())
                        .update();
            case Attached.ToFetch fetch -> throw new IllegalStateException("nothing became of it");
        }
        return jdbc.sql("select patient_id from inbound_work where inbound_id = ?")
                .param(due.inbound())
                .query((row, n) -> Optional.ofNullable(row.getObject("patient_id", UUID.class)))
                .single();
    }

    private Attachment attachment(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        byte[] name = row.getBytes("name");
        return new Attachment(
                id,
                row.getString("kind"),
                name == null ? "" : encryption.decrypt(encryption.systemKey(), nameField(id), name),
                row.getString("type"),
                row.getObject("bytes", Long.class),
                row.getString("state"),
                row.getString("why"));
    }

    private static Encryption.Field nameField(UUID id) {
        return new Encryption.Field("inbound_attachment", "name", id);
    }
}
