package health.throughline.consent;

import health.throughline.consent.SendFacts.Said;
import health.throughline.consent.SendPolicy.Proposal;
import health.throughline.consent.SendPolicy.Stage;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
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
            "(select id, status, zone, state, birth_date, key_id, minor_consent from patient where id = cast(:patient"
                    + " as uuid))";

    /** Somebody who is no patient is where their unit is. */
    private static final String NO_PATIENT = """
        (select cast(:patient as uuid) as id, 'active' as status, u.zone, u.state,
                cast(null as bytea) as birth_date, cast(null as uuid) as key_id, false as minor_consent
         from party y join org_unit u on u.id = y.org_unit_id where y.id = :party and y.patient_id is null)\
        """;

    private static final TypeReference<List<Said>> STATEMENTS = new TypeReference<>() {};

    private static final TypeReference<List<Kinship>> KINSHIPS = new TypeReference<>() {};

    private final JdbcClient jdbc;
    private final AddressAreas areas;
    private final Encryption encryption;
    private final RuleBook rules;
    private final NumberChecks numbers;
    private final OfficeHours office;

    JdbcSendFacts(
            JdbcClient jdbc,
            AddressAreas areas,
            Encryption encryption,
            RuleBook rules,
            NumberChecks numbers,
            OfficeHours office) {
        this.jdbc = jdbc;
        this.areas = areas;
        this.encryption = encryption;
        this.rules = rules;
        this.numbers = numbers;
        this.office = office;
    }

    SendFacts gather(Proposal proposal, Instant now) {
        Area area = areas.of(proposal.address());
        Rules inForce = rules.inForce(now).rules();
        List<Sent> sent = sent(proposal, now);
        PatientId patient = proposal.patient();
        return jdbc.sql("""
            with alike as (
                select s.id from address a join address s on s.number_hash = a.number_hash and s.id <> a.id where a.id = :address),
            parties as (
                select y.id from party y where y.id = :party or y.patient_id in (select merged_group(cast(:patient as uuid))))
            select p.status as patient, p.zone, p.state, p.birth_date, p.key_id, p.minor_consent, p.id as patient_id,
                   c.verified_at, c.observed_at,
                   (select y.patient_id is null from party y where y.id = :party) as proxy,
                   (select coalesce(json_agg(json_build_object('authority', r.authority, 'scope', r.scope, 'barred', r.barred,
                               'start', r.period_start, 'end', r.period_end)), '[]')
                    from relationship r where r.party_id = :party and r.patient_id in (select merged_group(p.id))) as kinships,
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
                               'byParty', e.party_id is not null, 'ofAddress', e.address_id is not null, 'saidAt', e.said_at,
                               'sameNumber', e.same_number, 'channels', e.channels, 'programme', e.programme, 'underAge', false)
                               order by e.said_at desc), '[]')
                    from (select distinct on (action, purpose, how, party_id is null, address_id is null, same_number, channels, programme)
                                 action, purpose, how, party_id, address_id, said_at, same_number, channels, programme
                          from (select s.*, s.address_id is not null and s.address_id <> :address as same_number
                                from consent_event s
                                where (cast(:answers as text) is null or s.evidence <> cast(:answers as text))
                                  and ((s.party_id in (select id from parties) and (s.address_id is null or s.address_id = :address))
                                   or (s.party_id is null and s.address_id = :address)
                                   or (s.action = 'revoke' and s.address_id in (select id from alike)
                                       and (s.party_id is null or s.party_id in (select id from parties))))) s
                          order by action, purpose, how, party_id is null, address_id is null, same_number, channels, programme,
                                   said_at desc) e) as said
            from %s p left join contact_point c on c.party_id = :party and c.address_id = :address\
            """.formatted(patient == null ? NO_PATIENT : PATIENT))
                .param("today", now.atZone(ZoneOffset.UTC).toLocalDate())
                .param("patient", patient == null ? null : patient.value(), Types.OTHER)
                .param("party", proposal.party().value())
                .param("address", proposal.address().value())
                .param("sender", proposal.sender())
                .param("answers", proposal.besides().answers(), Types.VARCHAR)
                .query((row, n) -> facts(row, proposal, now, area, sent, inForce))
                .optional()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no patient " + patient + " and no party " + proposal.party()));
    }

    private SendFacts facts(ResultSet row, Proposal proposal, Instant now, Area area, List<Sent> sent, Rules inForce)
            throws SQLException {
        boolean byProxy = proposal.patient() != null && row.getBoolean("proxy");
        Instant ofAge = ofAge(row, inForce);
        List<Said> said = said(row.getString("said"), byProxy ? null : ofAge, now);
        Instant confirmed = Stream.concat(
                        Stream.of(instant(row, "verified_at"), instant(row, "observed_at"))
                                .flatMap(Optional::stream),
                        said.stream().filter(Said::grant).map(Said::saidAt))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        String journey = proposal.besides().journey();
        boolean ofProgramme = journey != null && inForce.budgets().isProgramme(journey);
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
                said,
                at(
                        sent,
                        s -> s.purpose().equals(proposal.purpose().code())
                                && (s.journey() == null || !inForce.budgets().isProgramme(s.journey()))),
                at(sent, Sent::byPhone),
                proposal.besides().courtesy(),
                byProxy ? proxy(row, ofAge, now) : null,
                area.kind() == Area.Kind.NONE
                        ? null
                        : numbers.of(proposal.address(), confirmed, inForce, now)
                                .orElse(null),
                office.of(proposal.besides(), now).orElse(null),
                ofProgramme && journey != null
                        ? new SendFacts.Programme(journey, at(sent, s -> journey.equals(s.journey())))
                        : null,
                proposal.besides().sensitive(),
                proposal.besides().unnamed());
    }

    /** What somebody is to the patient, as stored. */
    private record Kinship(
            String authority,
            String scope,
            boolean barred,
            @Nullable LocalDate start,
            @Nullable LocalDate end) {}

    private static SendFacts.Proxy proxy(ResultSet row, @Nullable Instant ofAge, Instant now) throws SQLException {
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        List<SendFacts.Standing> standings = RuleFiles.JSON.readValue(row.getString("kinships"), KINSHIPS).stream()
                .map(kin -> new SendFacts.Standing(
                        kin.authority(),
                        kin.scope(),
                        (kin.start() == null || !kin.start().isAfter(today))
                                && (kin.end() == null || !kin.end().isBefore(today)),
                        kin.barred(),
                        ofAge != null
                                && kin.start() != null
                                && !kin.start()
                                        .atStartOfDay(ZoneOffset.UTC)
                                        .toInstant()
                                        .isBefore(ofAge)))
                .toList();
        return new SendFacts.Proxy(standings, ofAge == null || !now.isBefore(ofAge), row.getBoolean("minor_consent"));
    }

    /** What was agreed to for a child does not bind the grown person. */
    private static List<Said> said(String stored, @Nullable Instant ofAge, Instant now) {
        List<Said> said = RuleFiles.JSON.readValue(stored, STATEMENTS);
        return ofAge == null || now.isBefore(ofAge)
                ? said
                : said.stream()
                        .map(each ->
                                each.grant() && each.byParty() && each.saidAt().isBefore(ofAge)
                                        ? each.asUnderAge()
                                        : each)
                        .toList();
    }

    private @Nullable Instant ofAge(ResultSet row, Rules inForce) throws SQLException {
        byte[] birth = row.getBytes("birth_date");
        Authority authority = inForce.authority();
        if (birth == null || authority == null) {
            return null;
        }
        var field = new Encryption.Field("patient", "birth_date", row.getObject("patient_id", UUID.class));
        String zone = zone(row.getString("zone"));
        return authority.ofAge(
                LocalDate.parse(encryption.decrypt(new DataKeyId(row.getObject("key_id", UUID.class)), field, birth)),
                row.getString("state"),
                zone == null ? ZoneOffset.UTC : ZoneId.of(zone));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
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

    /** @param journey key of the journey that spoke; none where it was a person */
    private record Sent(
            Instant at,
            String purpose,
            boolean byPhone,
            @Nullable String journey) {}

    /**
     * Messages to the patient that count in a budget, newest first. When an attempt is about to start only those that have started count,
     * so that two queued ones do not wait for each other; before that, also those about to go. What was said in one counts as one.
     */
    private List<Sent> sent(Proposal proposal, Instant now) {
        PatientId patient = proposal.patient();
        return jdbc.sql("""
            select coalesce(d.sent_at, t.started_at, d.due_at) as at, m.purpose,
                   m.channel in (select s.channel from sender s where s.by_phone) as by_phone,
                   case when m.author_kind = 'journey' then m.author end as journey
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
            limit :most\
            """)
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
                        row.getBoolean("by_phone"),
                        row.getString("journey")))
                .list();
    }
}
