package health.throughline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartUpTest extends ThroughlineTest {

    @Test
    void worksAsARoleThatRowLevelSecurityBinds() {
        String role = inTransaction(
                () -> jdbc.sql("select current_user").query(String.class).single());
        assertThat(role).isEqualTo("throughline_app");
    }

    @Test
    void seesNoProtectedRowOutsideATransaction() {
        String scope = jdbc.sql("select current_scope()").query(String.class).single();
        assertThat(scope).isEmpty();
    }
}
