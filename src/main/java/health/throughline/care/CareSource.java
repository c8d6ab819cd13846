package health.throughline.care;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Types;
import java.util.List;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Makes the source known, with its visit types, before anything comes from it. */
@Component
@DependsOnDatabaseInitialization
class CareSource implements InitializingBean {

    private final CareSettings settings;
    private final EhrSettings ehr;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JdbcVisitTypes visitTypes;
    private final JsonMapper json;

    CareSource(
            CareSettings settings,
            EhrSettings ehr,
            JdbcClient jdbc,
            TransactionTemplate transaction,
            JdbcVisitTypes visitTypes,
            JsonMapper json) {
        this.settings = settings;
        this.ehr = ehr;
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.visitTypes = visitTypes;
        this.json = json;
    }

    @Override
    public void afterPropertiesSet() {
        List<VisitType> types = read();
        transaction.executeWithoutResult(status -> {
            jdbc.sql("""
                    insert into source_system (id, name, kind, rank) values (:id, :id, 'ehr', 10) on conflict do nothing""").param("id", settings.source()).update();
            jdbc.sql("update source_system set silence_limit = make_interval(secs => :seconds) where id = :id")
                    .param(
                            "seconds",
                            ehr.silenceLimit() == null
                                    ? null
                                    : ehr.silenceLimit().toSeconds(),
                            Types.DOUBLE)
                    .param("id", settings.source())
                    .update();
            visitTypes.save(settings.source(), types);
        });
    }

    private List<VisitType> read() {
        try (var file = settings.visitTypes().getInputStream()) {
            return json.readValue(file, new TypeReference<List<VisitType>>() {});
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The visit types cannot be read; set THROUGHLINE_CARE_VISIT_TYPES to a readable file", e);
        }
    }
}
