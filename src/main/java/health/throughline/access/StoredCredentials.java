package health.throughline.access;

import health.throughline.TimeOrderedId;
import health.throughline.audit.Audit;
import health.throughline.organization.OrgUnitId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class StoredCredentials implements CredentialsIssuer {

    private static final int SHORTEST_PASSWORD = 12;
    /** What bcrypt reads; it would ignore the rest. */
    private static final int LONGEST_PASSWORD = 72;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._@-]{0,63}");

    private final JdbcStaff staff;
    private final JdbcApiKeys keys;
    private final ApiKeys apiKeys;
    private final PasswordEncoder passwords;
    private final Audit audit;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    StoredCredentials(
            JdbcStaff staff,
            JdbcApiKeys keys,
            ApiKeys apiKeys,
            PasswordEncoder passwords,
            Audit audit,
            ApplicationEventPublisher events,
            Clock clock) {
        this.staff = staff;
        this.keys = keys;
        this.apiKeys = apiKeys;
        this.passwords = passwords;
        this.audit = audit;
        this.events = events;
        this.clock = clock;
    }

    @Override
    @Transactional
    public UUID createUser(String username, String displayName, Role role, OrgUnitId unit, String password) {
        requireName("username", username);
        int length = password.getBytes(StandardCharsets.UTF_8).length;
        if (length < SHORTEST_PASSWORD || length > LONGEST_PASSWORD) {
            throw new Invalid(
                    "password", "A password has %d to %d bytes.".formatted(SHORTEST_PASSWORD, LONGEST_PASSWORD));
        }
        String known = staff.find(username)
                .map(JdbcStaff.StaffUser::passwordHash)
                .filter(hash -> passwords.matches(password, hash))
                .orElse(null);
        String hash = known == null ? passwords.encode(password) : known;
        UUID id = staff.save(TimeOrderedId.next(), username, displayName, role, unit, hash, clock.instant());
        audit.record(Audit.Entry.done("user.save", "staff_user", id, null).with("role", role.code()));
        return id;
    }

    @Override
    @Transactional(readOnly = true)
    public boolean hasUser(String username) {
        return staff.find(username).isPresent();
    }

    @Override
    @Transactional
    public void setEnabled(String username, boolean enabled) {
        if (!staff.setEnabled(username, enabled)) {
            throw new NotFound("staff_user", username);
        }
        audit.record(Audit.Entry.done(enabled ? "user.enable" : "user.disable", "staff_user", username, null));
        if (!enabled) {
            events.publishEvent(new SessionEnded(username));
        }
    }

    @Override
    @Transactional
    public ApiKey createApiKey(String name, Set<String> scopes, OrgUnitId unit, @Nullable Instant expiresAt) {
        requireName("name", name);
        requireScopes(scopes);
        Instant now = clock.instant();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw new Invalid("expiresAt", "A key's end must lie in the future.");
        }
        keys.revokeByName(name, now);
        UUID id = TimeOrderedId.next();
        var token = ApiKeyToken.next();
        keys.insert(id, name, token.prefix(), token.secretHash(), new TreeSet<>(scopes), unit, now, expiresAt);
        created(id, scopes);
        return new ApiKey(id, name, token.value());
    }

    @Override
    @Transactional
    public UUID keepApiKey(String name, String token, Set<String> scopes, OrgUnitId unit) {
        requireName("name", name);
        requireScopes(scopes);
        var parsed = ApiKeyToken.parse(token)
                .orElseThrow(() ->
                        new Invalid("token", "A token has the form tl_<prefix>_<secret of 43 characters or more>."));
        Instant now = clock.instant();
        var known = keys.findByPrefix(parsed.prefix());
        if (known.isPresent()
                && known.get().inForce(now)
                && parsed.opens(known.get().secretHash())
                && known.get().caller().scopes().equals(scopes)
                && known.get().caller().unit().equals(unit)
                && known.get().caller().getName().equals(name)) {
            return known.get().id();
        }
        keys.revokeByName(name, now);
        UUID id = keys.insert(
                TimeOrderedId.next(),
                name,
                parsed.prefix(),
                parsed.secretHash(),
                new TreeSet<>(scopes),
                unit,
                now,
                null);
        created(id, scopes);
        return id;
    }

    private void created(UUID id, Set<String> scopes) {
        audit.record(Audit.Entry.done("api_key.create", "api_key", id, null)
                .with("scopes", String.join(" ", new TreeSet<>(scopes))));
    }

    private static void requireScopes(Set<String> scopes) {
        if (scopes.isEmpty() || !SCOPES.containsAll(scopes)) {
            throw new Invalid(
                    "scopes", "A key has one or more of these scopes: " + String.join(", ", new TreeSet<>(SCOPES)));
        }
    }

    @Override
    @Transactional
    public boolean revokeApiKey(UUID id) {
        boolean revoked = keys.revoke(id, clock.instant());
        if (revoked) {
            audit.record(Audit.Entry.done("api_key.revoke", "api_key", id, null));
        }
        return revoked;
    }

    @Override
    @Transactional
    public boolean accepts(String token) {
        return apiKeys.letIn(token).isPresent();
    }

    private static void requireName(String field, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Invalid(
                    field,
                    "A name has up to 64 letters, digits, spaces, dots, dashes, underscores or @, and begins with a letter or digit.");
        }
    }
}
