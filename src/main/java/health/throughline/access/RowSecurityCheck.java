package health.throughline.access;

import health.throughline.StartRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Refuses to start where the database would show or let change more than it may. */
@Component
class RowSecurityCheck implements SmartInitializingSingleton {

    private static final Logger LOG = LoggerFactory.getLogger(RowSecurityCheck.class);

    /** Every table whose rows belong to a patient or a unit. */
    static final List<String> PROTECTED = List.of(
            "task",
            "queue",
            "hold",
            "staff_absence",
            "phase_allow_list",
            "patient",
            "conversation",
            "party",
            "appointment",
            "encounter",
            "journey_instance",
            "message",
            "dispatch",
            "patient_identifier",
            "patient_name_token",
            "identity_event",
            "relationship",
            "send_decision",
            "open_question",
            "contact_point",
            "inbound_work",
            "source_record",
            "engagement",
            "data_finding",
            "consent_event",
            "appointment_event",
            "appointment_participant",
            "ehr_write",
            "task_event",
            "task_submission",
            "inbound",
            "inbound_attachment",
            "thread",
            "audit",
            "takeover",
            "conversation_note",
            "call_log",
            "call_event",
            "sender_event",
            "question_item",
            "said_together",
            "send_timing",
            "spending_limit",
            "spent",
            "spending_warning",
            "verified_link",
            "one_time_code",
            "patient_session");

    /** Tables whose rows may be added, never changed or removed. */
    static final List<String> APPEND_ONLY = List.of(
            "org_unit_version",
            "source_record_key",
            "source_record",
            "identity_event",
            "consent_event",
            "rule_version",
            "appointment_event",
            "bundle_version",
            "template_version",
            "intent",
            "message",
            "attempt",
            "attempt_outcome",
            "receipt",
            "send_decision",
            "inbound_key",
            "inbound",
            "engagement",
            "task_event",
            "task_submission",
            "audit",
            "audit_chain",
            "audit_checkpoint",
            "conversation_note",
            "call_event",
            "sender_event",
            "said_together",
            "send_timing",
            "spending_limit",
            "spent",
            "spending_warning",
            "template_event");

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    RowSecurityCheck(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<String> faults = transaction.execute(status -> faults());
        if (!faults.isEmpty()) {
            throw new StartRefused(
                    "The database does not protect patients' rows. " + String.join(" ", faults),
                    "Connect as a role that owns nothing and is a member of throughline_app only"
                            + " (SPRING_DATASOURCE_USERNAME); let the owner run the migrations (SPRING_FLYWAY_USER).");
        }
    }

    List<String> faults() {
        var faults = new ArrayList<String>();
        unbound("current_user")
                .ifPresent(role -> faults.add("Role " + role + " is a superuser or bypasses row-level security."));
        unbound("session_user")
                .ifPresent(role -> LOG.warn(
                        "The login {} is a superuser or bypasses row-level security; connections step down from it,"
                                + " but a login that is only a member of throughline_app could not step up again",
                        role));
        tables("""
            select c.relname from pg_class c where c.oid = to_regclass('public.' || ?)
            and pg_has_role(current_user, c.relowner, 'usage')
            """, PROTECTED).forEach(table -> faults.add("The application's role owns table " + table + "."));
        tables("""
            select name from (values (?)) as wanted (name) where not exists (
                select 1 from pg_class c where c.oid = to_regclass('public.' || name) and c.relrowsecurity)
            """, PROTECTED).forEach(table -> faults.add("Row-level security is off on table " + table + "."));
        tables("""
            select c.relname from pg_class c where c.oid = to_regclass('public.' || ?)
            and (has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete') or has_table_privilege(c.oid, 'truncate'))
            """, APPEND_ONLY)
                .forEach(table ->
                        faults.add("The application's role may change rows of the append-only table " + table + "."));
        return faults;
    }

    private Optional<String> unbound(String user) {
        return jdbc.sql("select rolname from pg_roles where rolname = " + user + " and (rolsuper or rolbypassrls)")
                .query(String.class)
                .optional();
    }

    private List<String> tables(String sql, List<String> tables) {
        return tables.stream()
                .flatMap(table -> jdbc.sql(sql).param(table).query(String.class).list().stream())
                .toList();
    }
}
