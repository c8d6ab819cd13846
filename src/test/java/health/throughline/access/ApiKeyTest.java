package health.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ApiKeyTest extends AccessTest {

    private int asks(String token) {
        return aBrowser().get("/api/v1/journeys/none/none", bearing(token)).statusCode();
    }

    @Test
    void letsAKeyInWithoutASession() {
        var key = aKey(aHospital(), "journeys:read");
        var answer = aBrowser().get("/api/v1/journeys/none/none", bearing(key.token()));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.startsWith("SESSION"));
    }

    @Test
    void storesNoSecret() {
        var key = aKey(aHospital(), "journeys:read");
        String secret = key.token().substring(key.token().indexOf('_', 3) + 1);
        String row = inTransaction(
                () -> jdbc.sql("select api_key::text || encode(secret_hash, 'escape') from api_key where id = ?")
                        .param(key.id())
                        .query(String.class)
                        .single());
        assertThat(row).doesNotContain(secret);
    }

    @Test
    void refusesARevokedKeyAtOnce() {
        var key = aKey(aHospital(), "journeys:read");
        assertThat(asks(key.token())).isEqualTo(404);
        assertThat(issuer.revokeApiKey(key.id())).isTrue();
        assertThat(asks(key.token())).isEqualTo(401);
    }

    @Test
    void refusesAnExpiredKey() {
        var key = issuer.createApiKey(
                "key-" + UUID.randomUUID(),
                Set.of("journeys:read"),
                aHospital().id(),
                clock.instant().plus(Duration.ofDays(1)));
        assertThat(asks(key.token())).isEqualTo(404);
        inTransaction(() -> jdbc.sql("update api_key set expires_at = created_at where id = ?")
                .param(key.id())
                .update());
        assertThat(asks(key.token())).isEqualTo(401);
    }

    @Test
    void refusesAWrongSecretAndGarbage() {
        var key = aKey(aHospital(), "journeys:read");
        String other = aKey(aHospital(), "journeys:read").token();
        String mixed = key.token().substring(0, key.token().indexOf('_', 3)) + other.substring(other.indexOf('_', 3));
        assertThat(asks(mixed)).isEqualTo(401);
        assertThat(asks("tl__")).isEqualTo(401);
        assertThat(asks("x")).isEqualTo(401);
    }

    @Test
    void judgesARequestByItsKeyAlone() {
        var hospital = aHospital();
        var browser = signedIn(Role.COORDINATOR, hospital);
        var key = aKey(hospital, "fhir:read");
        assertThat(browser.get("/api/v1/tasks/x/y", bearing(key.token())).statusCode())
                .isEqualTo(403);
        assertThat(browser.get("/api/v1/tasks/x/y", bearing("nonsense")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void keepsAKeyMadeElsewhere() {
        var hospital = aHospital();
        String prefix = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
        String first = "tl_" + prefix + "_" + "a1".repeat(32);
        String second = "tl_" + prefix + "_" + "b2".repeat(32);
        UUID id = issuer.keepApiKey("kept " + prefix, first, Set.of("journeys:read"), hospital.id());
        assertThat(issuer.keepApiKey("kept " + prefix, first, Set.of("journeys:read"), hospital.id()))
                .isEqualTo(id);
        assertThat(asks(first)).isEqualTo(404);

        issuer.keepApiKey("kept " + prefix, second, Set.of("journeys:read"), hospital.id());
        assertThat(issuer.accepts(first)).isFalse();
        assertThat(issuer.accepts(second)).isTrue();
    }

    @Test
    void letsAnAdministratorMakeAndRevokeKeysOfTheirUnitsOnly() {
        var hospital = aHospital();
        var administrator = signedIn(Role.ADMINISTRATOR, hospital);
        var made = administrator.post(
                "/api/v1/api-keys", "{\"name\":\"k-%s\",\"scopes\":[\"tasks:read\"]}".formatted(UUID.randomUUID()));
        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.body()).contains("\"token\":\"tl_");

        var foreign = aKey(aHospital(), "tasks:read");
        assertThat(administrator
                        .send("DELETE", "/api/v1/api-keys/" + foreign.id(), "")
                        .statusCode())
                .isEqualTo(404);
        assertThat(issuer.accepts(foreign.token())).isTrue();
        var unknownScope = administrator.post("/api/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"everything\"]}");
        assertThat(unknownScope.statusCode()).isEqualTo(422);
        assertThat(unknownScope.body()).contains("\"field\":\"scopes\"");
    }
}
