package health.throughline.consent;

import health.throughline.consent.SendFacts.Said;
import health.throughline.consent.SendPolicy.Proposal;
import health.throughline.consent.SendPolicy.Stage;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;

/** Gathers what a decision rests on, in two statements. Reads tables of other modules; writes none. */
@Repository
class JdbcSendFacts {

    /** A message may have been written this long before it went. */
    private static final Duration WRITTEN_BEFORE = Duration.ofDays(90);

    private static final String PATIENT =
            "(select id, status, zone, state from patient where id = cast(:patient as uuid))";

    /** Somebody who is no patient is where their unit is. */
    private static final String NO_PATIENT = """
            (select cast(:patient as uuid) as id, 'active' as status, u.zone, u.state
             from party y join org_unit u on u.id = y.org_unit_id where y.id = :party and y.patient_id is null)""";

    private static final TypeReference<List<Said>> STATEMENTS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final AddressAreas areas;

    JdbcSendFacts(JdbcClient jdbc, AddressAreas areas) {
        this.jdbc = jdbc;
        this.areas = areas;
    }

    SendFacts gather(Proposal proposal, Instant now) {
        Area area = areas.of(proposal.address());
        List<Sent> sent = sent(proposal, now);
        PatientId patient = proposal.patient();
        return jdbc.sql("""
                select p.status as patient, p.zone, p.state,
                       case when c.period_end < cast(:today as date) and c.status = 'active' then 'superseded' else c.status end as point,
                       coalesce(c.landline, false) as landline,
                       not coalesce(c.confidential, false) and exists (
                           select 1 from contact_point k left join party o on o.id = k.party_id
                           where (k.patient_id in (select merged_group(p.id)) or o.patient_id in (select merged_group(p.id))) and k.confidential and k.status = 'active'
                       ) as confidential_elsewhere,
                       exists (select 1 from sender s where s.id = :sender and s.campaign_registered) as registered,
                       exists (select 1 from carrier_block b
                               where b.address_id = :address and b.sender_id = :sender and b.lifted_at is null) as blocked,
                       (select coalesce(json_agg(json_build_object(
                                   'grant', e.action = 'grant', 'purpose', e.purpose, 'how', e.how,
                                   'byParty', e.party_id is not null, 'ofAddress', e.address_id is not null, 'saidAt', e.said_at)
                                   order by e.said_at desc), '[]')
                        from (select distinct on (action, purpose, how, party_id is null, address_id is null)
                                     action, purpose, how, party_id, address_id, said_at
                              from consent_event
                              where (party_id in (select y.id from party y
                                        where y.id = :party or y.patient_id in (select merged_group(:patient)))
                                     and (address_id is null or address_id = :address))
                                 or (party_id is null and address_id = :address)
                              order by action, purpose, how, party_id is null, address_id is null, said_at desc) e) as said
                from %s p left join contact_point c on c.party_id = :party and c.address_id = :address""".formatted(patient == null ? NO_PATIENT : PATIENT))
                .param("today", now.atZone(ZoneOffset.UTC).toLocalDate())
                .param("patient", patient == null ? null : patient.value(), Types.OTHER)
                .param("party", proposal.party().value())
                .param("address", proposal.address().value())
                .param("sender", proposal.sender())
                .query((row, n) -> facts(row, proposal, now, area, sent))
                .optional()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no patient " + patient + " and no party " + proposal.party()));
    }

    private static SendFacts facts(ResultSet row, Proposal proposal, Instant now, Area area, List<Sent> sent)
            throws SQLException {
        return new SendFacts(
                now,
                proposal.party().value(),
                proposal.address().value(),
                proposal.stage(),
                proposal.channel(),
                proposal.purpose(),
                proposal.urgency(),
                proposal.solicited(),
                proposal.bodyLength(),
                PatientStatus.ofCode(row.getString("patient")),
                new SendFacts.Point(
                        row.getString("point"), row.getBoolean("landline"), row.getBoolean("confidential_elsewhere")),
                row.getBoolean("registered"),
                row.getBoolean("blocked"),
                new SendFacts.Whereabouts(zone(row.getString("zone")), row.getString("state"), area),
                RuleFiles.JSON.readValue(row.getString("said"), STATEMENTS),
                at(sent, s -> s.purpose().equals(proposal.purpose().code())),
                at(sent, Sent::byPhone));
    }

    /** A zone that no clock knows is as good as none. */
    private static @Nullable String zone(@Nullable String stored) {
        if (stored == null) {
            return null;
        }
        try {
            return ZoneId.of(stored).getId();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static List<Instant> at(List<Sent> sent, java.util.function.Predicate<Sent> counted) {
        return sent.stream().filter(counted).limit(Budgets.MOST).map(Sent::at).toList();
    }

    private record Sent(Instant at, String purpose, boolean byPhone) {}

    /**
     * Messages to the patient that count in a budget, newest first. When an attempt is about to start only those that have started count,
     * so that two queued ones do not wait for each other; before that, also those about to go. What was said in one counts as one.
     */
    private List<Sent> sent(Proposal proposal, Instant now) {
        PatientId patient = proposal.patient();
        return jdbc.sql("""
                select coalesce(d.sent_at, t.started_at, d.due_at) as at, m.purpose, m.channel in (select s.channel from sender s where s.by_phone) as by_phone
                from message m
                join dispatch d on d.message_id = m.id
                left join attempt t on t.id = d.attempt_id
                where m.patient_id in (select merged_group(:patient)) and m.created_at > :written
                  and not m.solicited and m.urgency <> 'urgent'
                  and (cast(:message as uuid) is null or m.id <> cast(:message as uuid))
                  and (d.state in ('attempting', 'accepted', 'sent', 'delivered', 'read', 'undelivered', 'unknown')
                       or :queueing and d.state in ('queued', 'leased') and d.due_at <= :now)
                  and coalesce(d.sent_at, t.started_at, d.due_at) > :since
                  and (d.carrier_id is null or not exists (
                    select 1 from dispatch c where c.patient_id in (select merged_group(:patient))
                      and (c.message_id = d.carrier_id or c.carrier_id = d.carrier_id and c.message_id < d.message_id)))
                order by at desc
                limit :most""")
                .param("patient", patient == null ? null : patient.value(), Types.OTHER)
                .param("written", now.minus(Budgets.REACH).minus(WRITTEN_BEFORE).atOffset(ZoneOffset.UTC))
                .param("message", proposal.message(), Types.OTHER)
                .param("queueing", proposal.stage() == Stage.QUEUE)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("since", now.minus(Budgets.REACH).atOffset(ZoneOffset.UTC))
                .param("most", Budgets.MOST * Purpose.values().length)
                .query((row, n) -> new Sent(
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getString("purpose"),
                        row.getBoolean("by_phone")))
                .list();
    }
}
