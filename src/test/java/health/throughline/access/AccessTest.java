package health.throughline.access;

import health.throughline.Browser;
import health.throughline.ThroughlineTest;
import health.throughline.TimeOrderedId;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import java.time.ZoneId;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;

/** Hospitals, staff and keys for the tests of this module. */
abstract class AccessTest extends ThroughlineTest {

    static final String PASSWORD = "correct horse battery";

    @Autowired
    CredentialsIssuer issuer;

    @Autowired
    Organization organization;

    OrgUnit aHospital() {
        String name = "h" + UUID.randomUUID().toString().substring(0, 12);
        var unit = new OrgUnit(
                new OrgUnitId(TimeOrderedId.next()),
                null,
                OrgUnit.Kind.HOSPITAL,
                "/all/" + name + "/",
                name,
                null,
                ZoneId.of("America/Denver"),
                null,
                null,
                null,
                null,
                null,
                null,
                OrgUnit.Phase.LIVE);
        organization.save(unit);
        return unit;
    }

    String aUser(Role role, OrgUnit unit) {
        String username = role.code() + "-" + UUID.randomUUID();
        issuer.createUser(username, "Test " + role.code(), role, unit.id(), PASSWORD);
        return username;
    }

    Browser aBrowser() {
        return new Browser(product());
    }

    Browser signedIn(Role role, OrgUnit unit) {
        var browser = aBrowser();
        browser.signIn(aUser(role, unit), PASSWORD);
        return browser;
    }

    CredentialsIssuer.ApiKey aKey(OrgUnit unit, String... scopes) {
        return issuer.createApiKey("key-" + UUID.randomUUID(), Set.of(scopes), unit.id());
    }

    static String[] bearing(String token) {
        return new String[] {"Authorization", "Bearer " + token};
    }
}
