package health.throughline.access;

import static health.throughline.access.Role.ADMINISTRATOR;
import static health.throughline.access.Role.AUDITOR;
import static health.throughline.access.Role.COORDINATOR;
import static health.throughline.access.Role.MODELER;
import static health.throughline.access.Role.SUPERVISOR;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;
import static org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher.withDefaults;

import jakarta.servlet.DispatcherType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/**
 * Who may call what, all of it. The first rule that fits counts; what no rule names is refused. Rows are a matter of the database (row-level
 * security), not of this table.
 */
final class RequestRules {

    /** What comes without sign-in because it brings its own proof: providers' signed calls, and the signed links of a mail. */
    static final RequestMatcher WEBHOOKS = new OrRequestMatcher(
            withDefaults().matcher("/webhooks/**"), withDefaults().matcher("/e/{kind:[cou]}/**"));
    /** No cookie counts there, and what comes in is stored as a webhook's is. */
    static final RequestMatcher CHAT = withDefaults().matcher("/chat/api/**");

    private static final String[] PAGES = {
        "/",
        "/index.html",
        "/assets/**",
        "/*.svg",
        "/*.png",
        "/*.ico",
        "/*.webmanifest",
        "/*.txt",
        "/fonts/**",
        "/sign-in",
        "/tasks/**",
        "/patients/**",
        "/inbox/**",
        "/journeys/**",
        "/stop-and-go/**",
        "/texts/**"
    };
    private static final String[] DOCUMENTS = {
        "/v3/api-docs", "/v3/api-docs/**", "/v3/api-docs.yaml", "/docs/**", "/swagger-ui/**", "/swagger-ui.html"
    };

    private final AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests;
    private final boolean local;

    private RequestRules(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            boolean local) {
        this.requests = requests;
        this.local = local;
    }

    static void apply(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry requests,
            boolean local) {
        // what was let in goes on inside
        requests.dispatcherTypeMatchers(DispatcherType.FORWARD, DispatcherType.ERROR, DispatcherType.ASYNC)
                .permitAll();
        new RequestRules(requests, local).table();
    }

    private void table() {
        Role[] anybody = Role.values();

        open(GET, PAGES);
        open(POST, "/api/v1/session");
        open(DELETE, "/api/v1/session");
        let(GET, "/api/v1/session", roles(anybody));

        var reads = roles(COORDINATOR, SUPERVISOR, MODELER, ADMINISTRATOR);
        var starts = roles(COORDINATOR, SUPERVISOR, ADMINISTRATOR);
        let(GET, "/api/v1/journeys/**", reads, "journeys:read");
        let(POST, "/api/v1/journeys/{key}/instances", starts, "journeys:write");
        let(POST, "/api/v1/journeys/instances/{id}/withdraw", starts, "journeys:write");

        let(GET, "/api/v1/tasks/**", roles(COORDINATOR, SUPERVISOR), "tasks:read");
        let(POST, "/api/v1/tasks/{id}/{step:claim|release|complete}", roles(COORDINATOR, SUPERVISOR), "tasks:write");

        let(
                POST,
                "/api/v1/patients/{id}/{step:merge|unmerge|freeze|settle|contact-points|revocations|grants|consents-alone|confidential}",
                roles(COORDINATOR, SUPERVISOR));
        let(POST, "/api/v1/patients/{id}/related/{party}/{step:bar|unbar}", roles(COORDINATOR, SUPERVISOR));
        let(GET, "/api/v1/patients/{id}/disclosures", roles(SUPERVISOR, AUDITOR));
        let(GET, "/api/v1/holds/**", roles(anybody));
        let(POST, "/api/v1/holds", roles(SUPERVISOR, ADMINISTRATOR));
        let(POST, "/api/v1/holds/{id}/lift", roles(SUPERVISOR, ADMINISTRATOR));
        // a person talks: no program's key opens these
        let(POST, "/api/v1/tasks/{id}/call", roles(COORDINATOR, SUPERVISOR));
        let(GET, "/api/v1/calls/{id}", roles(COORDINATOR, SUPERVISOR));
        let(POST, "/api/v1/calls/{id}/outcome", roles(COORDINATOR, SUPERVISOR));
        let(GET, "/api/v1/conversations", roles(COORDINATOR, SUPERVISOR));
        let(GET, "/api/v1/conversations/{patient}", roles(COORDINATOR, SUPERVISOR));
        let(
                POST,
                "/api/v1/conversations/{patient}/{step:preview|messages|notes|takeover|return}",
                roles(COORDINATOR, SUPERVISOR));
        let(GET, "/api/v1/attachments/{id}", roles(COORDINATOR, SUPERVISOR, AUDITOR));
        let(GET, "/api/v1/unknown-senders", roles(COORDINATOR, SUPERVISOR));
        let(GET, "/api/v1/unknown-senders/{sender}", roles(COORDINATOR, SUPERVISOR));
        let(POST, "/api/v1/unknown-senders/{sender}/{step:link|nobodys|messages}", roles(COORDINATOR, SUPERVISOR));

        let(GET, "/api/v1/engagement", roles(SUPERVISOR, ADMINISTRATOR, AUDITOR));
        let(GET, "/api/v1/templates/**", roles(anybody));
        let(POST, "/api/v1/templates/{key}/preview", roles(SUPERVISOR, MODELER, ADMINISTRATOR));
        let(POST, "/api/v1/templates/{key}/edits", roles(ADMINISTRATOR));
        let(POST, "/api/v1/templates/{key}/roll-back", roles(ADMINISTRATOR));
        let(POST, "/api/v1/templates/edits/{id}/{step:approve|reject}", roles(SUPERVISOR, ADMINISTRATOR));

        let(GET, "/api/v1/units", roles(anybody));
        let(GET, "/api/v1/units/{id}/shadow-report", roles(SUPERVISOR, ADMINISTRATOR));
        let(GET, "/api/v1/units/{id}/shadow-report/messages", roles(SUPERVISOR, AUDITOR));
        let(POST, "/api/v1/units/{id}/phase", roles(ADMINISTRATOR));
        let(GET, "/api/v1/units/{id}/allow-list", roles(SUPERVISOR, ADMINISTRATOR));
        let(POST, "/api/v1/units/{id}/allow-list", roles(SUPERVISOR, ADMINISTRATOR));
        let(DELETE, "/api/v1/units/{id}/allow-list/{patient}", roles(SUPERVISOR, ADMINISTRATOR));
        let(GET, "/api/v1/absences", roles(COORDINATOR, SUPERVISOR, ADMINISTRATOR));
        let(POST, "/api/v1/absences", roles(SUPERVISOR, ADMINISTRATOR));
        let(DELETE, "/api/v1/absences/{id}", roles(SUPERVISOR, ADMINISTRATOR));
        let(GET, "/api/v1/budgets/**", roles(SUPERVISOR, ADMINISTRATOR));
        let(PUT, "/api/v1/budgets/{unit}", roles(ADMINISTRATOR));
        let(GET, "/api/v1/queues/**", roles(COORDINATOR, SUPERVISOR, ADMINISTRATOR));
        let(PUT, "/api/v1/queues/{unit}", roles(SUPERVISOR, ADMINISTRATOR));

        let(GET, "/api/v1/patients/**", roles(COORDINATOR, SUPERVISOR, AUDITOR), "patients:read");
        let(GET, "/api/v1/events", roles(COORDINATOR, SUPERVISOR, AUDITOR));

        let(GET, "/api/v1/audit/**", roles(AUDITOR, ADMINISTRATOR));
        let(null, "/api/v1/api-keys/**", roles(ADMINISTRATOR));
        let(null, "/api/v1/users/**", roles(ADMINISTRATOR));

        open(GET, "/fhir/metadata");
        let(GET, "/fhir/**", roles(ADMINISTRATOR), "fhir:read");
        let(POST, "/fhir/**", roles(ADMINISTRATOR), "fhir:write");
        let(PUT, "/fhir/**", roles(ADMINISTRATOR), "fhir:write");
        let(DELETE, "/fhir/**", roles(ADMINISTRATOR), "fhir:write");
        open(null, "/webhooks/**"); // signed by who calls them
        // the links of a mail, signed by us
        open(GET, "/e/o/{token}", "/e/c/{token}/{link}", "/e/u/{token}");
        open(POST, "/e/u/{token}");

        // patients' own pages find out themselves who is there
        open(
                GET,
                "/pages/**",
                "/v/{code}",
                "/my",
                "/chat/{page:frame|frame.js|frame.css|widget.js}",
                "/chat/api/events");
        open(POST, "/chat/api/{step:visitors|messages|seen|leave|verify}", "/chat/api/verify/code");
        open(POST, "/v/{code}", "/v/{code}/{step:code|answer}", "/my", "/my/{step:code|messages|leave|notices}");
        open(POST, "/my/notices/off");

        open(GET, "/actuator/health", "/actuator/health/**");
        let(null, "/actuator/**", roles(ADMINISTRATOR));

        if (local) {
            open(GET, DOCUMENTS);
            let(null, "/local/**", roles(ADMINISTRATOR), "local:clock");
        } else {
            requests.requestMatchers(matchers(GET, DOCUMENTS)).authenticated();
        }
        requests.anyRequest().denyAll();
    }

    private void open(@Nullable HttpMethod method, String... paths) {
        requests.requestMatchers(matchers(method, paths)).permitAll();
    }

    private void let(@Nullable HttpMethod method, String path, List<Role> roles, String... scopes) {
        var authorities = new ArrayList<String>();
        roles.forEach(role -> authorities.add(role.authority()));
        Arrays.stream(scopes).forEach(scope -> authorities.add("SCOPE_" + scope));
        requests.requestMatchers(matchers(method, path)).hasAnyAuthority(authorities.toArray(String[]::new));
    }

    private static RequestMatcher[] matchers(@Nullable HttpMethod method, String... paths) {
        return Arrays.stream(paths)
                .map(path -> method == null
                        ? withDefaults().matcher(path)
                        : withDefaults().matcher(method, path))
                .toArray(RequestMatcher[]::new);
    }

    private static List<Role> roles(Role... roles) {
        return List.of(roles);
    }
}
