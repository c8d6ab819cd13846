package db.migration;

import java.util.List;
import org.flywaydb.core.api.migration.BaseJavaMigration;
import org.flywaydb.core.api.migration.Context;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.EncodedResource;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/**
 * The engine's tables, from the scripts in its own jar (Camunda 7.24), and the two indexes without which a million waiting timers cost
 * most of a second per poll. A later engine adds its upgrade script as a later migration.
 */
public class V2__engine extends BaseJavaMigration {

    private static final String FOLDER = "org/camunda/bpm/engine/db/create/activiti.postgres.create.";
    private static final List<String> SCRIPTS = List.of(
            "engine.sql",
            "history.sql",
            "identity.sql",
            "case.engine.sql",
            "case.history.sql",
            "decision.engine.sql",
            "decision.history.sql");

    @Override
    public void migrate(Context context) throws Exception {
        for (String script : SCRIPTS) {
            ScriptUtils.executeSqlScript(
                    context.getConnection(), new EncodedResource(new ClassPathResource(FOLDER + script)));
        }
        try (var statement = context.getConnection().createStatement()) {
            statement.execute("""
                    create index tl_job_due on act_ru_job (duedate_) where retries_ > 0 and suspension_state_ = 1
                    """);
            statement.execute("""
                    create index tl_job_locked on act_ru_job (lock_exp_time_) include (process_instance_id_) where lock_owner_ is not null
                    """);
        }
    }
}
