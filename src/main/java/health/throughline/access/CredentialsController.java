package health.throughline.access;

import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Lets an administrator make and withdraw keys and users, within the administrator's own units. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "Keys and users")
class CredentialsController {

    private static final int MOST = 1_000;

    record NewKey(
            @NotBlank String name,
            @NotEmpty Set<String> scopes,
            @Nullable UUID orgUnit,
            @Nullable Instant expiresAt) {}

    record MadeKey(UUID id, String name, String token) {}

    record Key(
            UUID id,
            String name,
            Set<String> scopes,
            UUID orgUnit,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant lastUsedAt) {}

    record Keys(List<Key> items, @Nullable String next) {}

    record NewUser(
            @NotBlank String username,
            @NotBlank String displayName,
            @NotBlank String role,
            @Nullable UUID orgUnit,
            @NotBlank String password) {}

    record MadeUser(UUID id, String username) {}

    record Enabled(@NotNull Boolean enabled) {}

    private final CredentialsIssuer issuer;
    private final JdbcApiKeys keys;
    private final JdbcStaff staff;
    private final Organization organization;
    private final Clock clock;

    CredentialsController(
            CredentialsIssuer issuer, JdbcApiKeys keys, JdbcStaff staff, Organization organization, Clock clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.staff = staff;
        this.organization = organization;
        this.clock = clock;
    }

    @GetMapping("/api-keys")
    @Operation(summary = "Keys in force")
    Keys keys(@AuthenticationPrincipal Caller caller) {
        var items = keys.inForce(clock.instant(), MOST).stream()
                .filter(key -> within(caller, key.caller().unit()))
                .map(key -> new Key(
                        key.id(),
                        key.caller().getName(),
                        key.caller().scopes(),
                        key.caller().unit().value(),
                        key.createdAt(),
                        key.expiresAt(),
                        key.lastUsedAt()))
                .toList();
        return new Keys(items, null);
    }

    @PostMapping("/api-keys")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make a key; its token is told this once. A key of the same name is revoked by it")
    MadeKey makeKey(@AuthenticationPrincipal Caller caller, @Valid @RequestBody NewKey wanted) {
        if (keys.inForce(clock.instant(), MOST).stream()
                .anyMatch(key -> key.caller().getName().equals(wanted.name())
                        && !within(caller, key.caller().unit()))) {
            throw new Conflict("Another unit has a key of this name; choose another.");
        }
        var made =
                issuer.createApiKey(wanted.name(), wanted.scopes(), unit(caller, wanted.orgUnit()), wanted.expiresAt());
        return new MadeKey(made.id(), made.name(), made.token());
    }

    @DeleteMapping("/api-keys/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Revoke a key: its next request is refused")
    void revokeKey(@AuthenticationPrincipal Caller caller, @PathVariable UUID id) {
        boolean ours = keys.inForce(clock.instant(), MOST).stream()
                .anyMatch(key ->
                        key.id().equals(id) && within(caller, key.caller().unit()));
        if (!ours || !issuer.revokeApiKey(id)) {
            throw new NotFound("api_key", id);
        }
    }

    @PostMapping("/users")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(summary = "Make a user")
    MadeUser makeUser(@AuthenticationPrincipal Caller caller, @Valid @RequestBody NewUser wanted) {
        if (staff.find(wanted.username()).isPresent()) {
            throw new Conflict("There is a user of this name; choose another.");
        }
        var unit = unit(caller, wanted.orgUnit());
        var id = issuer.createUser(
                wanted.username(), wanted.displayName(), role(wanted.role()), unit, wanted.password());
        return new MadeUser(id, wanted.username());
    }

    @PutMapping("/users/{username}/enabled")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Disable a user, who is out from the next request on, or let them in again")
    void enable(
            @AuthenticationPrincipal Caller caller, @PathVariable String username, @Valid @RequestBody Enabled wanted) {
        if (staff.find(username)
                .filter(user -> within(caller, user.caller().unit()))
                .isEmpty()) {
            throw new NotFound("staff_user", username);
        }
        issuer.setEnabled(username, wanted.enabled());
    }

    private OrgUnitId unit(Caller caller, @Nullable UUID wanted) {
        if (wanted == null) {
            return caller.unit();
        }
        var unit = new OrgUnitId(wanted);
        if (!within(caller, unit)) {
            throw new Invalid("orgUnit", "There is no such unit at or below yours.");
        }
        return unit;
    }

    private boolean within(Caller caller, OrgUnitId unit) {
        String own = organization.find(caller.unit()).map(OrgUnit::path).orElseThrow();
        return organization
                .find(unit)
                .filter(found -> found.path().startsWith(own))
                .isPresent();
    }

    private static Role role(String code) {
        try {
            return Role.of(code);
        } catch (IllegalArgumentException unknown) {
            throw new Invalid("role", "A role is one of coordinator, supervisor, modeler, administrator, auditor.");
        }
    }
}
