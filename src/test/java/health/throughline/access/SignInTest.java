package health.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignInTest extends AccessTest {

    @Test
    void tellsWhoIsSignedIn() {
        var hospital = aHospital();
        var browser = aBrowser();
        String username = aUser(Role.COORDINATOR, hospital);

        assertThat(browser.get("/api/v1/session").statusCode()).isEqualTo(401);
        assertThat(browser.signIn(username, PASSWORD).statusCode()).isEqualTo(204);

        var session = browser.get("/api/v1/session");
        assertThat(session.statusCode()).isEqualTo(200);
        assertThat(session.body())
                .contains("\"username\":\"" + username + "\"", "\"role\":\"coordinator\"", "\"local\":true")
                .contains("\"simulatorUrl\":\"" + simulator() + "\"", "\"name\":\"" + hospital.name() + "\"");
    }

    @Test
    void endsTheSession() {
        var browser = signedIn(Role.COORDINATOR, aHospital());
        String session = browser.cookies().get("SESSION");

        assertThat(browser.send("DELETE", "/api/v1/session", "").statusCode()).isEqualTo(204);

        browser.cookies().put("SESSION", String.valueOf(session));
        assertThat(browser.get("/api/v1/session").statusCode()).isEqualTo(401);
    }

    @Test
    void keepsTheSessionFromScriptsAndOtherSites() {
        var browser = aBrowser();
        var answer = browser.signIn(aUser(Role.COORDINATOR, aHospital()), PASSWORD);
        assertThat(answer.headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("SESSION=")
                        && cookie.contains("HttpOnly")
                        && cookie.contains("SameSite=Strict"));
    }

    @Test
    void changesTheSessionsIdAtSignIn() {
        var hospital = aHospital();
        var browser = signedIn(Role.COORDINATOR, hospital);
        String before = browser.cookies().get("SESSION");
        browser.signIn(aUser(Role.COORDINATOR, hospital), PASSWORD);
        assertThat(browser.cookies().get("SESSION")).isNotEqualTo(before);
    }

    @Test
    void answersTheSameToAWrongPasswordAndAnUnknownUser() {
        var wrong = aBrowser().signIn(aUser(Role.COORDINATOR, aHospital()), "not the password");
        var unknown = aBrowser().signIn("nobody-at-all", PASSWORD);
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body()).isEqualTo(wrong.body());
    }

    @Test
    void makesWhoeverGuessesWait() {
        String username = aUser(Role.COORDINATOR, aHospital());
        for (int guess = 0; guess < 5; guess++) {
            assertThat(aBrowser().signIn(username, "guess " + guess).statusCode())
                    .isEqualTo(401);
        }
        var blocked = aBrowser().signIn(username, PASSWORD);
        assertThat(blocked.statusCode()).isEqualTo(429);
        assertThat(blocked.headers().firstValue("Retry-After")).isPresent();
        assertThat(audited("session.failed", username)).isEqualTo(5);
    }

    @Test
    void refusesAWriteWithoutTheToken() {
        var browser = signedIn(Role.ADMINISTRATOR, aHospital());
        browser.cookies().remove("XSRF-TOKEN");
        var refused = browser.post("/api/v1/api-keys", "{\"name\":\"x\",\"scopes\":[\"tasks:read\"]}");
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("X-XSRF-TOKEN");
    }

    @Test
    void refusesAnotherSitesPage() {
        var browser = signedIn(Role.COORDINATOR, aHospital());
        var foreign = browser.get("/api/v1/session", "Origin", "https://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(browser.get("/api/v1/session", "Origin", product()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void cutsADisabledUserOffAtTheNextRequest() {
        var hospital = aHospital();
        String username = aUser(Role.COORDINATOR, hospital);
        var browser = aBrowser();
        browser.signIn(username, PASSWORD);
        assertThat(browser.get("/api/v1/session").statusCode()).isEqualTo(200);

        issuer.setEnabled(username, false);

        assertThat(browser.get("/api/v1/session").statusCode()).isEqualTo(401);
        assertThat(browser.signIn(username, PASSWORD).statusCode()).isEqualTo(401);
    }

    @Test
    void auditsComingAndGoing() {
        String username = aUser(Role.COORDINATOR, aHospital());
        var browser = aBrowser();
        browser.signIn(username, PASSWORD);
        browser.send("DELETE", "/api/v1/session", "");
        assertThat(audited("session.begin", username)).isEqualTo(1);
        assertThat(audited("session.end", username)).isEqualTo(1);
    }

    @Test
    void sendsAContentPolicyWithEveryAnswer() {
        for (String path : new String[] {"/", "/api/v1/session", "/nothing/here"}) {
            var headers = aBrowser().get(path).headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'self'", "script-src 'self';", "frame-ancestors 'none'")
                    .contains("connect-src 'self' " + simulator());
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(headers.firstValue("Referrer-Policy")).contains("same-origin");
        }
    }

    private long audited(String action, String username) {
        return inTransaction(() -> jdbc.sql("select count(*) from audit where action = ? and entity_id = ?")
                .params(action, username)
                .query(Long.class)
                .single());
    }
}
