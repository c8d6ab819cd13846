package health.throughline;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;

/** Tells the operator in a sentence or two why the product does not start, in place of a stack trace. */
class StartFailureAnalyzer implements FailureAnalyzer, Ordered {

    private static final int DEEPEST = 50;

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof StartRefused refused) {
                return new FailureAnalysis(refused.what(), refused.mend(), failure);
            }
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                FailureAnalysis analysis = database(sql, sql.getSQLState(), failure);
                if (analysis != null) {
                    return analysis;
                }
            }
            cause = cause.getCause();
        }
        return null;
    }

    private static @Nullable FailureAnalysis database(SQLException cause, String state, Throwable failure) {
        if (state.startsWith("28") || state.equals("08004")) {
            return new FailureAnalysis(
                    "PostgreSQL refused the login: " + cause.getMessage(),
                    "Check SPRING_DATASOURCE_USERNAME and SPRING_DATASOURCE_PASSWORD, and for the migrations SPRING_FLYWAY_USER and"
                            + " SPRING_FLYWAY_PASSWORD.",
                    failure);
        }
        if (state.startsWith("08") || state.startsWith("57P") || state.equals("3D000")) {
            return new FailureAnalysis(
                    "The database cannot be reached: " + cause.getMessage(),
                    "Check SPRING_DATASOURCE_URL, and that PostgreSQL is up and has this database.",
                    failure);
        }
        if (state.equals("42501")) {
            return new FailureAnalysis(
                    "A database login lacks a right: " + cause.getMessage(),
                    "SPRING_DATASOURCE_USERNAME must be a member of throughline_app, and SPRING_FLYWAY_USER must own the database;"
                            + " docs/operator.md shows how the roles are made.",
                    failure);
        }
        return null;
    }
}
