package health.throughline.access;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.Browser;
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
                .contains(
                        "\"idleLogOff\":1800",
                        "\"simulatorUrl\":\"" + simulator() + "\"",
                        "\"name\":\"" + hospital.name() + "\"");
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

    /** R8: a spray over many names takes a share of the processors and of the audit, no more; who works there still comes in. */
    @Test
    void makesAnAddressWaitThatTriesManyNames() {
        String here = "127.0.0.17";
        String nurse = aUser(Role.COORDINATOR, aHospital());
        assertThat(Browser.at(here, product()).signIn(nurse, PASSWORD).statusCode())
                .isEqualTo(204);
        long before = audited("session.failed", "unknown");
        var sprays = Browser.at(here, product());
        int compared = 0;
        int toldToWait = 0;
        for (int n = 0; n < 200; n++) {
            int status = sprays.signIn("name-" + n, "Winter2026!").statusCode();
            compared += status == 401 ? 1 : 0;
            toldToWait += status == 429 ? 1 : 0;
        }
        assertThat(compared).as("passwords compared").isBetween(30, 38);
        assertThat(compared + toldToWait).isEqualTo(200);
        assertThat(audited("session.failed", "unknown") - before)
                .as("what it leaves in the audit, those held off together")
                .isBetween(compared + 1L, 40L);
        assertThat(Browser.at(here, product()).signIn(nurse, PASSWORD).statusCode())
                .as("who has signed in from there before")
                .isEqualTo(204);
        assertThat(aBrowser().signIn("name-201", "Winter2026!").statusCode())
                .as("elsewhere")
                .isEqualTo(401);
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
