package health.throughline.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells who is signed in. Signing in and out are filters' work. */
@RestController
@RequestMapping("/api/v1/session")
@Tag(name = "Session")
class SessionController {

    /**
     * Who is signed in, and where.
     *
     * @param now the product's clock, from which pages count; in local mode it can be ahead
     * @param idleLogOff seconds after which the session ends if a person leaves it alone
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Session(
            String username,
            String displayName,
            String role,
            Unit orgUnit,
            boolean local,
            @Nullable String simulatorUrl,
            Instant now,
            long idleLogOff) {}

    record Unit(UUID id, String name) {}

    private final Organization organization;
    private final Surroundings surroundings;
    private final AccessSettings settings;
    private final Clock clock;

    SessionController(Organization organization, Surroundings surroundings, AccessSettings settings, Clock clock) {
        this.organization = organization;
        this.surroundings = surroundings;
        this.settings = settings;
        this.clock = clock;
    }

    @GetMapping
    @Operation(summary = "Who is signed in")
    Session whoAmI(@AuthenticationPrincipal Caller caller) {
        Role role = caller.role();
        if (role == null) {
            throw new NotFound("session", caller.getName());
        }
        String unit = organization.find(caller.unit()).map(OrgUnit::name).orElse("");
        return new Session(
                caller.getName(),
                caller.displayName(),
                role.code(),
                new Unit(caller.unit().value(), unit),
                surroundings.local(),
                surroundings.simulatorUrl().orElse(null),
                clock.instant(),
                settings.idleLogOff().toSeconds());
    }
}
