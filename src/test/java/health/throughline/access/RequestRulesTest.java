package health.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.Browser;
import health.throughline.organization.OrgUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every endpoint against every role and every scope. A new endpoint gets a line here; whoever is not on it must be refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestRulesTest extends AccessTest {

    private static final String ID = "01890000-0000-7000-8000-000000000000";

    private final Map<Role, Browser> staff = new EnumMap<>(Role.class);
    private final Map<String, String> keys = new HashMap<>();

    @BeforeAll
    void letEverybodyIn() {
        OrgUnit hospital = aHospital();
        for (Role role : Role.values()) {
            staff.put(role, signedIn(role, hospital));
        }
        CredentialsIssuer.SCOPES.forEach(
                scope -> keys.put(scope, aKey(hospital, scope).token()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /api/v1/session                      | coordinator supervisor modeler administrator auditor
            GET    | /api/v1/journeys                     | coordinator supervisor modeler administrator journeys:read
            GET    | /api/v1/journeys/none                | coordinator supervisor modeler administrator journeys:read
            GET    | /api/v1/journeys/instances           | coordinator supervisor modeler administrator journeys:read
            GET    | /api/v1/journeys/instances/{id}      | coordinator supervisor modeler administrator journeys:read
            POST   | /api/v1/journeys/none/instances      | coordinator supervisor administrator journeys:write
            POST   | /api/v1/journeys/instances/{id}/withdraw | coordinator supervisor administrator journeys:write
            GET    | /api/v1/tasks                        | coordinator supervisor tasks:read
            GET    | /api/v1/tasks/{id}                   | coordinator supervisor tasks:read
            POST   | /api/v1/tasks/{id}/claim             | coordinator supervisor tasks:write
            POST   | /api/v1/tasks/{id}/release           | coordinator supervisor tasks:write
            POST   | /api/v1/tasks/{id}/complete          | coordinator supervisor tasks:write
            DELETE | /api/v1/tasks/{id}                   |
            GET    | /api/v1/holds                        | coordinator supervisor modeler administrator auditor
            GET    | /api/v1/holds/{id}                   | coordinator supervisor modeler administrator auditor
            GET    | /api/v1/holds/{id}/preview           | coordinator supervisor modeler administrator auditor
            POST   | /api/v1/holds                        | supervisor administrator
            POST   | /api/v1/holds/{id}/lift              | supervisor administrator
            GET    | /api/v1/budgets                      | supervisor administrator
            GET    | /api/v1/budgets/{id}                 | supervisor administrator
            PUT    | /api/v1/budgets/{id}                 | administrator
            POST   | /api/v1/tasks/{id}/call              | coordinator supervisor
            GET    | /api/v1/calls/{id}                   | coordinator supervisor
            POST   | /api/v1/calls/{id}/outcome           | coordinator supervisor
            GET    | /api/v1/conversations                | coordinator supervisor
            GET    | /api/v1/conversations/{id}           | coordinator supervisor
            POST   | /api/v1/conversations/{id}/preview   | coordinator supervisor
            POST   | /api/v1/conversations/{id}/messages  | coordinator supervisor
            POST   | /api/v1/conversations/{id}/notes     | coordinator supervisor
            POST   | /api/v1/conversations/{id}/takeover  | coordinator supervisor
            POST   | /api/v1/conversations/{id}/return    | coordinator supervisor
            POST   | /api/v1/conversations/{id}/erase     |
            GET    | /api/v1/attachments/{id}             | coordinator supervisor auditor
            DELETE | /api/v1/attachments/{id}             |
            GET    | /api/v1/attachments                  |
            GET    | /e/x/none                            |
            POST   | /e/o/none                            |
            POST   | /e/c/none/1                          |
            DELETE | /e/u/none                            |
            GET    | /api/v1/unknown-senders              | coordinator supervisor
            GET    | /api/v1/unknown-senders/{id}         | coordinator supervisor
            POST   | /api/v1/unknown-senders/{id}/link    | coordinator supervisor
            POST   | /api/v1/unknown-senders/{id}/nobodys | coordinator supervisor
            POST   | /api/v1/unknown-senders/{id}/messages | coordinator supervisor
            POST   | /chat/anything                       |
            GET    | /api/v1/engagement                   | supervisor administrator auditor
            GET    | /api/v1/templates                    | coordinator supervisor modeler administrator auditor
            GET    | /api/v1/templates/none               | coordinator supervisor modeler administrator auditor
            POST   | /api/v1/templates/none/preview       | supervisor modeler administrator
            POST   | /api/v1/templates/none/edits         | administrator
            POST   | /api/v1/templates/none/roll-back     | administrator
            POST   | /api/v1/templates/edits/{id}/approve | supervisor administrator
            POST   | /api/v1/templates/edits/{id}/reject  | supervisor administrator
            GET    | /api/v1/units                        | coordinator supervisor modeler administrator auditor
            GET    | /api/v1/units/{id}/shadow-report     | supervisor administrator
            GET    | /api/v1/units/{id}/shadow-report/messages | supervisor auditor
            POST   | /api/v1/units/{id}/phase             | administrator
            GET    | /api/v1/units/{id}/allow-list        | supervisor administrator
            POST   | /api/v1/units/{id}/allow-list        | supervisor administrator
            DELETE | /api/v1/units/{id}/allow-list/{id}   | supervisor administrator
            GET    | /api/v1/absences                     | coordinator supervisor administrator
            POST   | /api/v1/absences                     | supervisor administrator
            DELETE | /api/v1/absences/{id}                | supervisor administrator
            GET    | /api/v1/queues                       | coordinator supervisor administrator
            GET    | /api/v1/queues/{id}                  | coordinator supervisor administrator
            PUT    | /api/v1/queues/{id}                  | supervisor administrator
            GET    | /api/v1/patients?q=none              | coordinator supervisor auditor patients:read
            GET    | /api/v1/patients/lookup?phone=none   | coordinator supervisor auditor patients:read
            GET    | /api/v1/patients/{id}                | coordinator supervisor auditor patients:read
            GET    | /api/v1/patients/{id}/timeline       | coordinator supervisor auditor patients:read
            GET    | /api/v1/patients/{id}/identity       | coordinator supervisor auditor patients:read
            GET    | /api/v1/patients/{id}/disclosures    | supervisor auditor
            POST   | /api/v1/patients/{id}/merge          | coordinator supervisor
            POST   | /api/v1/patients/{id}/unmerge        | coordinator supervisor
            POST   | /api/v1/patients/{id}/freeze         | coordinator supervisor
            POST   | /api/v1/patients/{id}/settle         | coordinator supervisor
            POST   | /api/v1/patients/{id}/contact-points | coordinator supervisor
            POST   | /api/v1/patients/{id}/revocations    | coordinator supervisor
            POST   | /api/v1/patients/{id}/grants         | coordinator supervisor
            POST   | /api/v1/patients/{id}/consents-alone | coordinator supervisor
            POST   | /api/v1/patients/{id}/confidential   | coordinator supervisor
            POST   | /api/v1/patients/{id}/related/{id}/bar | coordinator supervisor
            POST   | /api/v1/patients/{id}/related/{id}/unbar | coordinator supervisor
            GET    | /api/v1/audit                        | auditor administrator
            GET    | /api/v1/audit/verification           | auditor administrator
            GET    | /api/v1/api-keys                     | administrator
            POST   | /api/v1/api-keys                     | administrator
            DELETE | /api/v1/api-keys/{id}                | administrator
            POST   | /api/v1/users                        | administrator
            PUT    | /api/v1/users/nobody/enabled         | administrator
            GET    | /fhir/Patient/none                   | administrator fhir:read
            POST   | /fhir/Nothing                        | administrator fhir:write
            PUT    | /fhir/Nothing/none                   | administrator fhir:write
            DELETE | /fhir/Nothing/none                   | administrator fhir:write
            PATCH  | /fhir/Nothing/none                   |
            GET    | /actuator/metrics                    | administrator
            GET    | /local/clock                         | administrator local:clock
            GET    | /api/v1/something-new                |
            POST   | /                                    |
            GET    | /v/code/answer                       |
            POST   | /v/code/anything                     |
            PUT    | /my                                  |
            GET    | /my/notices                          |
            POST   | /my/notices/anything                 |
            GET    | /worklist                            |
            GET    | /settings                            |
            GET    | /audit                               |
            GET    | /engine-rest/engine                  |
            GET    | /camunda/app                         |
            """)
    void opensOnlyToThoseNamed(String method, String path, String named) {
        var may = new TreeSet<>(
                named == null ? List.of() : Arrays.asList(named.strip().split(" ")));
        String place = path.replace("{id}", ID);
        var anonymous = aBrowser();
        anonymous.get("/api/v1/session");
        assertThat(send(anonymous, method, place)).as("nobody").isEqualTo(401);
        var let = new TreeSet<String>();
        staff.forEach((role, browser) -> {
            if (!refused(send(browser, method, place))) {
                let.add(role.code());
            }
        });
        keys.forEach((scope, token) -> {
            if (!refused(send(aBrowser(), method, place, bearing(token)))) {
                let.add(scope);
            }
        });
        assertThat(let).isEqualTo(may);
    }

    @ParameterizedTest
    @CsvSource({
        "/actuator/health",
        "/v3/api-docs",
        "/fhir/metadata",
        "/",
        "/inbox",
        "/v/unknown-code",
        "/my",
        "/pages/patient.css",
        "/pages/notices.js",
        "/pages/notices-worker.js",
        "/chat/frame",
        "/chat/widget.js",
        "/e/o/none",
        "/e/c/none/1",
        "/e/u/none"
    })
    void opensToEverybody(String path) {
        assertThat(aBrowser().get(path).statusCode()).isNotIn(401, 403);
    }

    private static int send(Browser browser, String method, String path, String... headers) {
        return "GET".equals(method)
                ? browser.get(path, headers).statusCode()
                : browser.send(method, path, "", headers).statusCode();
    }

    private static boolean refused(int status) {
        return status == 401 || status == 403;
    }
}
