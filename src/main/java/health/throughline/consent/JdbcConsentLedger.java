package health.throughline.consent;

import health.throughline.TimeOrderedId;
import health.throughline.audit.Audit;
import health.throughline.channel.Channel;
import health.throughline.consent.Revocations.Addresses;
import health.throughline.consent.Revocations.Persons;
import health.throughline.consent.Revocations.Reach;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Keeps every statement as it was said. Writers of one address, or of one party, come one after the other. */
@Service
class JdbcConsentLedger implements ConsentLedger {

    private static final String ALL = "*";
    private static final int LONGEST_HISTORY = 200;
    /** A refusal is taken to be about what was sent that lately. */
    private static final Duration ANSWERS_AT_LATEST = Duration.ofDays(30);

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final RuleBook rules;
    private final ConsentSettings settings;
    private final Audit audit;
    private final Clock clock;

    JdbcConsentLedger(
            JdbcClient jdbc,
            Encryption encryption,
            RuleBook rules,
            ConsentSettings settings,
            Audit audit,
            Clock clock) {
        this.settings = settings;
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.rules = rules;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    @Transactional
    public void grant(PartyId party, @Nullable AddressId address, @Nullable Purpose purpose, Statement statement) {
        lock(address == null ? Set.of() : Set.of(address), address == null ? Set.of(party) : Set.of());
        append("grant", party, address, purpose, statement);
    }

    @Override
    @Transactional
    public void revoke(
            @Nullable PartyId party, @Nullable AddressId address, @Nullable Purpose purpose, Statement statement) {
        if (party == null && address == null) {
            throw new IllegalArgumentException("A revocation needs a party or an address");
        }
        if (address != null) {
            revoke(party, Set.of(address), purpose, statement);
            return;
        }
        Set<PartyId> whole = Set.of(Objects.requireNonNull(party));
        lock(Set.of(), whole);
        lockPatientsOf(whole);
        append("revoke", party, null, purpose, statement);
    }

    @Override
    @Transactional
    public void revokeAt(Set<AddressId> addresses, Statement statement) {
        revoke(null, addresses, null, statement);
    }

    private void revoke(
            @Nullable PartyId party, Set<AddressId> addresses, @Nullable Purpose purpose, Statement statement) {
        Instant now = clock.instant();
        Reach reach =
                Objects.requireNonNull(rules.inForce(now).rules().revocations()).of(statement.how());
        boolean everybody = reach.persons() == Persons.EVERYBODY_THERE;
        boolean everywhere = everybody && reach.addresses() == Addresses.ALL_OF_THEIRS;
        Map<AddressId, List<PartyId>> there = addresses.stream()
                .collect(Collectors.toMap(
                        address -> address, address -> everywhere ? reachedAt(address) : List.<PartyId>of()));
        Set<PartyId> whole = there.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        lock(addresses, whole);
        lockPatientsOf(whole);
        for (AddressId address : addresses) {
            Purpose of = purpose == null && mayBeNarrow(reach) ? lastSent(address, now) : purpose;
            append("revoke", everybody ? null : party, address, of, statement);
            there.getOrDefault(address, List.of()).forEach(each -> append("revoke", each, null, of, statement));
        }
    }

    private boolean mayBeNarrow(Reach reach) {
        return reach.purposes() == Revocations.Purposes.ALL_BY_SETTING && !settings.revokeAll();
    }

    /** What was said there last is what somebody refuses who names nothing; none where nothing was said lately. */
    private @Nullable Purpose lastSent(AddressId address, Instant now) {
        return jdbc.sql("""
            select d.purpose from dispatch d
            where d.address_id in (select a.id from address a where a.id = :address
                      or a.number_hash = (select number_hash from address where id = :address))
              and d.sent_at is not null and d.sent_at > :since order by d.sent_at desc limit 1\
            """)
                .param("address", address.value())
                .param("since", now.minus(ANSWERS_AT_LATEST).atOffset(ZoneOffset.UTC))
                .query(String.class)
                .optional()
                .map(Purpose::ofCode)
                .orElse(null);
    }

    private List<PartyId> reachedAt(AddressId address) {
        return jdbc.sql("""
            select distinct party_id from contact_point where address_id = :address and status = 'active' order by 1\
            """).param("address", address.value()).query(UUID.class).list().stream()
                .map(PartyId::new)
                .toList();
    }

    @Override
    @Transactional
    public void blockedByCarrier(AddressId address, String sender, Instant when, String evidence) {
        lock(Set.of(address), Set.of());
        // after a lift only a later block is news: the report of an older one may come late
        jdbc.sql("""
            insert into carrier_block (address_id, sender_id, blocked_at, evidence) values (:address, :sender, :when, :evidence)
            on conflict (address_id, sender_id) do update
                set blocked_at = excluded.blocked_at, lifted_at = null, evidence = excluded.evidence
                where carrier_block.lifted_at < excluded.blocked_at\
            """)
                .param("address", address.value())
                .param("sender", sender)
                .param("when", when.atOffset(ZoneOffset.UTC))
                .param("evidence", evidence)
                .update();
        append("revoke", null, address, null, new Statement("carrier", "carrier", null, "", evidence, when));
    }

    @Override
    @Transactional
    public void liftedByCarrier(AddressId address, String sender, Instant when) {
        lock(jdbc, address);
        jdbc.sql("""
            update carrier_block set lifted_at = :when
            where address_id = :address and sender_id = :sender and lifted_at is null and blocked_at < :when\
            """)
                .param("when", when.atOffset(ZoneOffset.UTC))
                .param("address", address.value())
                .param("sender", sender)
                .update();
    }

    @Override
    public Keyword keyword(String text) {
        return rules.keywords().of(text);
    }

    @Override
    public boolean carrierAnswers(Channel channel, String text) {
        return rules.keywords().answeredByCarrier(channel.code(), text);
    }

    @Override
    public boolean refuses(String text) {
        return rules.keywords().refuses(text);
    }

    @Override
    @Transactional(readOnly = true)
    public List<Entry> history(PartyId party) {
        return jdbc.sql("""
            select action, purpose, how, scope, said_at, party_id is null as whole_address from consent_event e
            where party_id = :party
               or party_id is null and address_id in (select address_id from contact_point where party_id = :party)
                  and not exists (select 1 from consent_event same where same.party_id = :party and same.action = e.action
                      and same.how = e.how and same.evidence = e.evidence and same.said_at = e.said_at)
            order by said_at desc, id desc limit :most\
            """)
                .param("party", party.value())
                .param("most", LONGEST_HISTORY)
                .query((row, n) -> new Entry(
                        row.getString("action"),
                        row.getString("purpose"),
                        row.getString("how"),
                        row.getString("scope"),
                        row.getObject("said_at", OffsetDateTime.class).toInstant(),
                        row.getBoolean("whole_address")))
                .list();
    }

    /**
     * The lock that an attempt to the address takes too. Not "for update": rows that only refer to the address may be written meanwhile.
     */
    static void lock(JdbcClient jdbc, AddressId address) {
        jdbc.sql("select 1 from address where id = :id for no key update")
                .param("id", address.value())
                .query(Integer.class)
                .optional();
    }

    /**
     * So that whoever decides on a message about one of the patients waits, and those who write do too, whatever addresses and records it
     * is decided from: one lock for a record and all that were merged with it. Always in the same order.
     */
    static void lockPatients(JdbcClient jdbc, Collection<UUID> patients) {
        jdbc.sql("""
            select count(pg_advisory_xact_lock(k)) from (
                select distinct hashtextextended(coalesce(surviving_patient(p), p)::text, 0) as k
                from unnest(cast(:patients as uuid[])) p order by 1) keys\
            """)
                .param("patients", patients.toArray(UUID[]::new))
                .query(Integer.class)
                .single();
    }

    /** Always in the same order: addresses, every channel of the same number among them, and then parties, with all addresses of theirs. */
    private void lock(Set<AddressId> addresses, Set<PartyId> everywhere) {
        UUID[] ids = addresses.stream().map(AddressId::value).toArray(UUID[]::new);
        UUID[] parties = everywhere.stream().map(PartyId::value).toArray(UUID[]::new);
        jdbc.sql("""
            select 1 from address where id in (
                select a.id from address a where a.id = any(:ids)
                union select s.id from address a join address s on s.number_hash = a.number_hash where a.id = any(:ids)
                union select c.address_id from contact_point c where c.party_id = any(:parties))
            order by id for no key update\
            """)
                .param("ids", ids)
                .param("parties", parties)
                .query(Integer.class)
                .list();
        if (parties.length > 0) {
            jdbc.sql("select 1 from party where id = any(:parties) order by id for no key update")
                    .param("parties", parties)
                    .query(Integer.class)
                    .list();
        }
    }

    /** The last of the locks, as for an attempt: what goes to others on the patients' behalf waits too. */
    private void lockPatientsOf(Set<PartyId> parties) {
        List<UUID> patients = parties.isEmpty()
                ? List.of()
                : jdbc.sql("select patient_id from party where id = any(:parties) and patient_id is not null")
                        .param("parties", parties.stream().map(PartyId::value).toArray(UUID[]::new))
                        .query(UUID.class)
                        .list();
        if (!patients.isEmpty()) {
            lockPatients(jdbc, patients);
        }
    }

    private void append(
            String action,
            @Nullable PartyId party,
            @Nullable AddressId address,
            @Nullable Purpose purpose,
            Statement statement) {
        UUID id = TimeOrderedId.next();
        DataKeyId key = party == null ? encryption.systemKey() : keyOf(party);
        byte[] wording = statement.wording() == null
                ? null
                : encryption.encrypt(key, new Encryption.Field("consent_event", "wording", id), statement.wording());
        String code = purpose == null ? ALL : purpose.code();
        int added = jdbc.sql("""
            insert into consent_event (id, party_id, address_id, purpose, action, how, actor, wording, scope, evidence, said_at, recorded_at, channels,
                programme)
            select :id, cast(:party as uuid), cast(:address as uuid), :purpose, :action, :how, :actor, cast(:wording as bytea), :scope,
                   :evidence, :said, :now, :channels, cast(:programme as text)
            where not exists (
                select 1 from consent_event
                where party_id is not distinct from cast(:party as uuid) and address_id is not distinct from cast(:address as uuid)
                  and purpose = :purpose and action = :action and how = :how and scope = :scope and evidence = :evidence
                  and said_at = :said and channels = :channels and programme is not distinct from cast(:programme as text))\
            """)
                .param("channels", statement.channels())
                .param("programme", statement.programme(), Types.VARCHAR)
                .param("id", id)
                .param("party", party == null ? null : party.value(), Types.OTHER)
                .param("address", address == null ? null : address.value(), Types.OTHER)
                .param("purpose", code)
                .param("action", action)
                .param("how", statement.how())
                .param("actor", statement.actor())
                .param("wording", wording, Types.BINARY)
                .param("scope", statement.scope())
                .param("evidence", statement.evidence())
                .param("said", statement.saidAt().atOffset(ZoneOffset.UTC))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        if (added == 1) {
            audit.record(Audit.Entry.done("consent." + action, "consent_event", id, patientOf(party))
                    .with("purpose", code)
                    .with("how", statement.how())
                    .with("address", address == null ? ALL : address.toString()));
        }
    }

    private DataKeyId keyOf(PartyId party) {
        return jdbc.sql("select key_id from party where id = :party")
                .param("party", party.value())
                .query((row, n) -> new DataKeyId(row.getObject("key_id", UUID.class)))
                .optional()
                .orElseThrow(() -> new IllegalArgumentException("There is no party " + party));
    }

    private @Nullable UUID patientOf(@Nullable PartyId party) {
        return party == null
                ? null
                : jdbc.sql("select patient_id from party where id = :party")
                        .param("party", party.value())
                        .query((row, n) -> java.util.Optional.ofNullable(row.getObject("patient_id", UUID.class)))
                        .single()
                        .orElse(null);
    }
}
