package health.throughline.journey;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Released bundles and patients' ways through them. */
@Repository
class JdbcJourneys {

    private final JdbcClient jdbc;

    JdbcJourneys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    record Released(
            UUID id,
            String key,
            int version,
            String definitionId,
            String title,
            String contextSchema,
            Instant releasedAt,
            String releasedBy) {}

    record Instance(
            UUID id,
            String key,
            String title,
            int version,
            String subjectType,
            UUID subject,
            UUID patient,
            UUID orgUnit,
            @Nullable String rootProcess,
            String state,
            @Nullable String outcome,
            String startedBy,
            Instant startedAt,
            @Nullable Instant endedAt) {}

    record NewInstance(
            UUID id,
            String key,
            String subjectType,
            UUID subject,
            int subjectRevision,
            UUID patient,
            UUID orgUnit,
            UUID bundleVersion,
            String startedBy) {}

    private static final String SELECT = """
            select i.*, b.title, b.version from journey_instance i join bundle_version b on b.id = i.bundle_version
            """;

    Optional<Released> released(String key) {
        return jdbc.sql("select * from bundle_version where journey_key = ? order by version desc limit 1")
                .param(key)
                .query(JdbcJourneys::releasedRow)
                .optional();
    }

    List<Released> released() {
        return jdbc.sql("select distinct on (journey_key) * from bundle_version order by journey_key, version desc")
                .query(JdbcJourneys::releasedRow)
                .list();
    }

    List<Released> versions(String key) {
        return jdbc.sql("select * from bundle_version where journey_key = ? order by version desc")
                .param(key)
                .query(JdbcJourneys::releasedRow)
                .list();
    }

    Optional<Released> ofContent(String key, String hash) {
        return jdbc.sql("select * from bundle_version where journey_key = ? and content_hash = ?")
                .params(key, hash)
                .query(JdbcJourneys::releasedRow)
                .optional();
    }

    int active(UUID bundleVersion) {
        return jdbc.sql("select count(*) from journey_instance where bundle_version = ? and state = 'active'")
                .param(bundleVersion)
                .query(Integer.class)
                .single();
    }

    void release(
            UUID id,
            Bundle bundle,
            String hash,
            String deployment,
            String definition,
            String schema,
            String pins,
            Instant now) {
        jdbc.sql("""
                        insert into bundle_version (id, journey_key, version, content_hash, deployment_id, definition_id, title,
                            context_schema, pins, released_by, released_at)
                        select :id, :key, coalesce(max(version), 0) + 1, :hash, :deployment, :definition, :title, :schema::jsonb,
                            :pins::jsonb, 'throughline', :now
                        from bundle_version where journey_key = :key
                        """)
                .param("id", id)
                .param("key", bundle.key())
                .param("hash", hash)
                .param("deployment", deployment)
                .param("definition", definition)
                .param("title", bundle.title())
                .param("schema", schema)
                .param("pins", pins)
                .param("now", utc(now))
                .update();
    }

    /** @return false where one is already active for the subject: the event and the API never start two */
    boolean insert(NewInstance instance, Instant now) {
        return jdbc.sql("""
                                insert into journey_instance (id, journey_key, subject_type, subject_id, subject_revision, patient_id,
                                    org_unit_id, bundle_version, state, started_by, started_at)
                                values (?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?)
                                on conflict (journey_key, subject_type, subject_id) where state = 'active' do nothing
                                """)
                        .params(
                                instance.id(),
                                instance.key(),
                                instance.subjectType(),
                                instance.subject(),
                                instance.subjectRevision(),
                                instance.patient(),
                                instance.orgUnit(),
                                instance.bundleVersion(),
                                instance.startedBy(),
                                utc(now))
                        .update()
                == 1;
    }

    void runs(UUID id, String rootProcess) {
        jdbc.sql("update journey_instance set root_process_id = ? where id = ?")
                .params(rootProcess, id)
                .update();
    }

    /** @return whether it was still active */
    boolean end(UUID id, String state, String outcome, Instant now) {
        return jdbc.sql(
                                "update journey_instance set state = ?, outcome = ?, ended_at = ? where id = ? and state = 'active'")
                        .params(state, outcome, utc(now), id)
                        .update()
                == 1;
    }

    String keyOf(UUID id) {
        return jdbc.sql("select journey_key from journey_instance where id = ?")
                .param(id)
                .query(String.class)
                .single();
    }

    Optional<Instance> find(UUID id) {
        return jdbc.sql(SELECT + " where i.id = ?")
                .param(id)
                .query(JdbcJourneys::instance)
                .optional();
    }

    /** Held against every other holder. Not against a foreign key: a task being made for the journey at the same moment would deadlock. */
    Optional<Instance> lock(UUID id) {
        return jdbc.sql(SELECT + " where i.id = ? for no key update of i")
                .param(id)
                .query(JdbcJourneys::instance)
                .optional();
    }

    List<Instance> activeOf(String subjectType, UUID subject) {
        return jdbc.sql(SELECT
                        + " where i.subject_type = ? and i.subject_id = ? and i.state = 'active' for update of i")
                .params(subjectType, subject)
                .query(JdbcJourneys::instance)
                .list();
    }

    List<Instance> activeOfPatient(UUID patient) {
        return jdbc.sql(SELECT + " where i.patient_id = ? and i.state = 'active' for update of i")
                .param(patient)
                .query(JdbcJourneys::instance)
                .list();
    }

    /** Newest first, after the given id. */
    @Transactional(readOnly = true)
    List<Instance> page(
            @Nullable UUID patient, @Nullable String key, @Nullable String state, @Nullable UUID after, int limit) {
        return jdbc.sql(SELECT + """
                         where (cast(:patient as uuid) is null or i.patient_id = :patient)
                          and (cast(:key as text) is null or i.journey_key = :key)
                          and (cast(:state as text) is null or i.state = :state)
                          and (cast(:after as uuid) is null or i.id < :after)
                        order by i.id desc limit :limit
                        """)
                .param("patient", patient)
                .param("key", key)
                .param("state", state)
                .param("after", after)
                .param("limit", limit)
                .query(JdbcJourneys::instance)
                .list();
    }

    private static Released releasedRow(ResultSet row, int number) throws SQLException {
        return new Released(
                row.getObject("id", UUID.class),
                row.getString("journey_key"),
                row.getInt("version"),
                row.getString("definition_id"),
                row.getString("title"),
                row.getString("context_schema"),
                instant(row, "released_at"),
                row.getString("released_by"));
    }

    private static Instance instance(ResultSet row, int number) throws SQLException {
        OffsetDateTime ended = row.getObject("ended_at", OffsetDateTime.class);
        return new Instance(
                row.getObject("id", UUID.class),
                row.getString("journey_key"),
                row.getString("title"),
                row.getInt("version"),
                row.getString("subject_type"),
                row.getObject("subject_id", UUID.class),
                row.getObject("patient_id", UUID.class),
                row.getObject("org_unit_id", UUID.class),
                row.getString("root_process_id"),
                row.getString("state"),
                row.getString("outcome"),
                row.getString("started_by"),
                instant(row, "started_at"),
                ended == null ? null : ended.toInstant());
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
