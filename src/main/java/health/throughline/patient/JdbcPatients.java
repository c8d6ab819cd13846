package health.throughline.patient;

import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.encryption.KeyedHash;
import health.throughline.organization.OrgUnitId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

@Repository
@Transactional
class JdbcPatients implements Patients {

    private static final int LONGEST_PAGE = 100;
    private static final int LONGEST_MERGE_CHAIN = 10;

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final KeyedHash hash;
    private final JdbcAddresses addresses;
    private final JdbcNameTokens tokens;

    JdbcPatients(
            JdbcClient jdbc, Encryption encryption, KeyedHash hash, JdbcAddresses addresses, JdbcNameTokens tokens) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.hash = hash;
        this.addresses = addresses;
        this.tokens = tokens;
    }

    @Override
    public Optional<PatientProfile> find(PatientId id) {
        UUID wanted = id.value();
        for (int step = 0; step < LONGEST_MERGE_CHAIN; step++) {
            Optional<Row> row = row(wanted);
            UUID surviving = row.map(Row::mergedInto).orElse(null);
            if (surviving == null) {
                return row.map(this::profile);
            }
            wanted = surviving;
        }
        throw new IllegalStateException("The merges of patient " + id + " lead nowhere");
    }

    @Override
    public Optional<PatientProfile> findRecord(PatientId id) {
        return row(id.value()).map(this::profile);
    }

    @Override
    public Optional<PatientId> findByIdentifier(String system, String value) {
        return jdbc.sql("""
            select patient_id from patient_identifier
            where value_hash = :hash and assigner = :system and active order by id limit 1\
            """)
                .param("hash", hash.of("patient_identifier.value", value.strip()))
                .param("system", system)
                .query(UUID.class)
                .optional()
                .map(PatientId::new);
    }

    @Override
    public List<PatientId> reachedAt(AddressId address) {
        return jdbc.sql("""
            select surviving_patient(c.patient_id) from contact_point c
            where c.address_id = :address and c.status = 'active' and c.patient_id is not null
            union
            select surviving_patient(r.patient_id) from contact_point c join relationship r on r.party_id = c.party_id
            where c.address_id = :address and c.status = 'active' order by 1\
            """).param("address", address.value()).query(UUID.class).list().stream()
                .map(PatientId::new)
                .toList();
    }

    @Override
    public PatientId surviving(PatientId id) {
        return jdbc.sql("select coalesce(surviving_patient(:id), :id)")
                .param("id", id.value())
                .query(UUID.class)
                .optional()
                .map(PatientId::new)
                .orElse(id);
    }

    @Override
    public DataKeyId keyOf(PatientId id) {
        return jdbc.sql("select key_id from patient where id = :id")
                .param("id", id.value())
                .query(UUID.class)
                .optional()
                .map(DataKeyId::new)
                .orElseThrow(() -> new IllegalArgumentException("There is no patient " + id));
    }

    @Override
    public PartyId partyOf(PatientId id) {
        return jdbc.sql("select id from party where patient_id = :id")
                .param("id", id.value())
                .query(UUID.class)
                .optional()
                .map(PartyId::new)
                .orElseThrow(() -> new IllegalArgumentException("There is no patient " + id));
    }

    @Override
    public AddressId address(Channel channel, String value) {
        return addresses.idOf(new Address(channel, JdbcAddresses.normalise(channel, value)));
    }

    @Override
    public AddressId addressOfSender(Channel channel, String value) {
        try {
            return address(channel, value);
        } catch (IllegalArgumentException e) {
            return addresses.idOf(new Address(channel, value.strip()));
        }
    }

    @Override
    public Address address(AddressId id) {
        return addresses.find(id);
    }

    @Override
    public List<PatientProfile> search(String words, Optional<UUID> after, int limit) {
        var wanted = NameTokens.searched(words);
        if (wanted.isEmpty()) {
            return List.of();
        }
        return tokens.find(wanted, after, Math.clamp(limit, 1, LONGEST_PAGE)).stream()
                .flatMap(id -> row(id).map(this::profile).stream())
                .toList();
    }

    private Optional<Row> row(UUID id) {
        return jdbc.sql("""
            select p.*, y.id as party_id from patient p join party y on y.patient_id = p.id where p.id = :id\
            """).param("id", id).query(Row::of).optional();
    }

    private PatientProfile profile(Row row) {
        String birthDate = open(row, "birth_date", row.birthDate());
        return new PatientProfile(
                new PatientId(row.id()),
                new PartyId(row.party()),
                row.orgUnit(),
                row.status(),
                orNothing(open(row, "given_name", row.givenName())),
                orNothing(open(row, "family_name", row.familyName())),
                birthDate == null ? null : LocalDate.parse(birthDate),
                row.sex(),
                row.language(),
                row.interpreterNeeded(),
                row.zone() == null ? null : ZoneId.of(row.zone()),
                row.state(),
                contactPoints(row.party()));
    }

    List<ContactPoint> contactPoints(UUID party) {
        return jdbc.sql("""
            select c.*, a.channel, a.value from contact_point c join address a on a.id = c.address_id
            where c.party_id = :party and c.status = 'active'
            order by c.confidential desc, c.landline, c.rank, coalesce(c.verified_at, c.observed_at) desc, c.id\
            """)
                .param("party", party)
                .query((row, n) -> contactPoint(row))
                .list();
    }

    private ContactPoint contactPoint(ResultSet row) throws SQLException {
        UUID address = row.getObject("address_id", UUID.class);
        OffsetDateTime verified = row.getObject("verified_at", OffsetDateTime.class);
        return new ContactPoint(
                new AddressId(address),
                new Address(
                        Channel.ofCode(row.getString("channel")), addresses.decrypt(address, row.getBytes("value"))),
                row.getString("use"),
                row.getInt("rank"),
                row.getObject("observed_at", OffsetDateTime.class).toInstant(),
                verified == null ? null : verified.toInstant(),
                row.getBoolean("shared"),
                row.getBoolean("confidential"),
                row.getBoolean("landline"));
    }

    private @Nullable String open(Row row, String column, byte @Nullable [] value) {
        return value == null
                ? null
                : encryption.decrypt(row.key(), new Encryption.Field("patient", column, row.id()), value);
    }

    private static String orNothing(@Nullable String text) {
        return text == null ? "" : text;
    }

    private record Row(
            UUID id,
            UUID party,
            DataKeyId key,
            OrgUnitId orgUnit,
            PatientStatus status,
            @Nullable UUID mergedInto,
            byte @Nullable [] givenName,
            byte @Nullable [] familyName,
            byte @Nullable [] birthDate,
            @Nullable String sex,
            @Nullable String language,
            boolean interpreterNeeded,
            @Nullable String zone,
            @Nullable String state) {

        static Row of(ResultSet row, int number) throws SQLException {
            return new Row(
                    row.getObject("id", UUID.class),
                    row.getObject("party_id", UUID.class),
                    new DataKeyId(row.getObject("key_id", UUID.class)),
                    new OrgUnitId(row.getObject("org_unit_id", UUID.class)),
                    PatientStatus.ofCode(row.getString("status")),
                    row.getObject("merged_into", UUID.class),
                    row.getBytes("given_name"),
                    row.getBytes("family_name"),
                    row.getBytes("birth_date"),
                    row.getString("sex"),
                    row.getString("language"),
                    row.getBoolean("interpreter_needed"),
                    row.getString("zone"),
                    row.getString("state"));
        }
    }
}
