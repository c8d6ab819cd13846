package health.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.TimeOrderedId;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;

class RowSecurityTest extends AccessTest {

    @Autowired
    Encryption encryption;

    @Autowired
    RowSecurityCheck check;

    private UUID aPatientOf(OrgUnit unit) {
        UUID id = TimeOrderedId.next();
        inTransaction(() -> jdbc.sql("""
                        insert into patient (id, key_id, org_unit_id, status, source, created_at, updated_at)
                        values (?, ?, ?, 'active', 'ehr', ?, ?)
                        """)
                .params(
                        id,
                        encryption.newPatientKey().value(),
                        unit.id().value(),
                        java.sql.Timestamp.from(clock.instant()),
                        java.sql.Timestamp.from(clock.instant()))
                .update());
        return id;
    }

    private long seen(UUID patient, AccessScope scope) {
        return scope.run(() -> inTransaction(() -> jdbc.sql("select count(*) from patient where id = ?")
                .param(patient)
                .query(Long.class)
                .single()));
    }

    @Test
    void hidesAnotherHospitalsPatients() {
        var own = aHospital();
        var foreign = aHospital();
        UUID patient = aPatientOf(own);
        assertThat(seen(patient, AccessScope.ofPaths(List.of(own.path())))).isEqualTo(1);
        assertThat(seen(patient, AccessScope.ofPaths(List.of(foreign.path())))).isZero();
        assertThat(seen(patient, AccessScope.ofPaths(List.of("/all/")))).isEqualTo(1);
        assertThat(seen(patient, AccessScope.none())).isZero();
        assertThat(seen(patient, AccessScope.system())).isEqualTo(1);
    }

    @Test
    void letsNobodyWriteAnotherHospitalsRows() {
        var own = aHospital();
        UUID patient = aPatientOf(aHospital());
        int changed = AccessScope.ofPaths(List.of(own.path()))
                .run(() -> inTransaction(() -> jdbc.sql("update patient set language = 'es' where id = ?")
                        .param(patient)
                        .update()));
        assertThat(changed).isZero();
    }

    @Test
    void finishesItsOwnCheck() {
        assertThat(inTransaction(check::faults)).isEmpty();
    }

    @Test
    void noticesATableWithoutRowSecurity() {
        var owner = asOwner();
        owner.sql("alter table task disable row level security").update();
        try {
            assertThat(inTransaction(check::faults)).containsExactly("Row-level security is off on table task.");
        } finally {
            owner.sql("alter table task enable row level security").update();
        }
    }

    static List<String> appendOnly() {
        return RowSecurityCheck.APPEND_ONLY;
    }

    @ParameterizedTest
    @MethodSource("appendOnly")
    void refusesToChangeWhatIsAppendOnly(String table) {
        String column = inTransaction(
                () -> jdbc.sql("select column_name from information_schema.columns where table_name = ? limit 1")
                        .param(table)
                        .query(String.class)
                        .single());
        assertThatThrownBy(() ->
                        inTransaction(() -> jdbc.sql("delete from " + table).update()))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("permission denied");
        assertThatThrownBy(() -> inTransaction(() -> jdbc.sql("update " + table + " set " + column + " = " + column)
                        .update()))
                .isInstanceOf(DataAccessException.class)
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void showsAPatientsAuditOnlyToThoseWhoMaySeeThePatient() {
        var own = aHospital();
        UUID patient = aPatientOf(own);
        var auditor = signedIn(Role.AUDITOR, own);
        auditor.get("/api/v1/audit?patient=" + patient);
        assertThat(auditor.get("/api/v1/audit?patient=" + patient).body()).contains("audit.read", patient.toString());
        var foreign = signedIn(Role.AUDITOR, aHospital());
        assertThat(foreign.get("/api/v1/audit?patient=" + patient).body()).startsWith("{\"items\":[]");
    }
}
