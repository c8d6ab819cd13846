package health.throughline.access;

import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Two roles on one database: the owner migrates, the application works as {@code throughline_app} (every pooled connection steps down to
 * it with SET ROLE). Where only one login is configured it is taken for the owner's, and the application still works stepped down.
 */
@Configuration
class DatabaseAccess {

    @Bean
    PlatformTransactionManager transactionManager(DataSource dataSource) {
        return new ScopedTransactionManager(dataSource);
    }

    @Bean
    @ConditionalOnExpression("'${spring.datasource.url:}' != '' and '${spring.flyway.user:}' == ''")
    FlywayConnectionDetails ownerIsTheConfiguredLogin(DataSourceProperties login) {
        return new FlywayConnectionDetails() {
            @Override
            public @Nullable String getUsername() {
                return login.determineUsername();
            }

            @Override
            public @Nullable String getPassword() {
                return login.determinePassword();
            }

            @Override
            public String getJdbcUrl() {
                return Objects.requireNonNull(login.determineUrl(), "SPRING_DATASOURCE_URL is not set");
            }
        };
    }
}
