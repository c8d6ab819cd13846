package health.throughline.conversation;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Transcript;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.patient.AddressId;
import health.throughline.patient.Numbers;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
class JdbcTranscript implements Transcript {

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final Numbers numbers;
    private final Patients patients;

    JdbcTranscript(JdbcClient jdbc, Encryption encryption, Numbers numbers, Patients patients) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.numbers = numbers;
        this.patients = patients;
    }

    @Override
    @Transactional(readOnly = true)
    public List<Line> of(Address address, int limit) {
        AddressId id = numbers.find(address.channel(), address.value()).orElse(null);
        if (id == null) {
            return List.of();
        }
        List<Line> lines = new ArrayList<>(ours(id, limit));
        lines.addAll(theirs(id, limit));
        lines.sort(Comparator.comparing(Line::at));
        return lines.subList(Math.max(0, lines.size() - limit), lines.size());
    }

    private List<Line> ours(AddressId address, int limit) {
        return jdbc.sql("""
                        select m.id, m.patient_id, m.body, m.author_kind, d.state, d.attempt_id, a.started_at
                        from dispatch d
                        join message m on m.id = d.message_id and m.created_at = d.message_created_at
                        join attempt a on a.id = d.attempt_id
                        where d.address_id = ? and d.channel in ('chat', 'portal') and d.state in ('attempting', 'accepted', 'sent', 'delivered', 'read', 'unknown')
                        order by a.started_at desc limit ?
                        """)
                .params(address.value(), limit)
                .query((row, n) -> {
                    UUID message = row.getObject("id", UUID.class);
                    UUID patient = row.getObject("patient_id", UUID.class);
                    DataKeyId key = patient == null ? encryption.systemKey() : patients.keyOf(new PatientId(patient));
                    return new Line(
                            message.toString(),
                            JdbcMessages.instant(row, "started_at"),
                            true,
                            row.getString("author_kind").equals("person"),
                            encryption.decrypt(key, JdbcMessages.bodyField(message), row.getBytes("body")),
                            new AttemptId(row.getObject("attempt_id", UUID.class)),
                            row.getString("state").equals("read"));
                })
                .list();
    }

    private List<Line> theirs(AddressId address, int limit) {
        return jdbc.sql("""
                        select i.id, i.received_at, i.body from inbound_work w
                        join inbound i on i.id = w.inbound_id and i.received_at = w.received_at
                        where w.address_id = ? order by w.received_at desc limit ?
                        """)
                .params(address.value(), limit)
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    return new Line(
                            id.toString(),
                            JdbcMessages.instant(row, "received_at"),
                            false,
                            false,
                            encryption.decrypt(encryption.systemKey(), JdbcInbox.bodyField(id), row.getBytes("body")),
                            null,
                            true);
                })
                .list();
    }
}
