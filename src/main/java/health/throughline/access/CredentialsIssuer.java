package health.throughline.access;

import health.throughline.organization.OrgUnitId;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes users and API keys. Secrets are stored as hashes and told once. */
public interface CredentialsIssuer {

    /**
     * Makes the user, or gives the existing one of that name this display name, role, unit and password. Idempotent. A disabled user stays
     * disabled.
     *
     * @param password 12 to 72 bytes
     */
    UUID createUser(String username, String displayName, Role role, OrgUnitId unit, String password);

    boolean hasUser(String username);

    /** From the next request on, a disabled user is out. */
    void setEnabled(String username, boolean enabled);

    /**
     * Makes a key. A key of that name still in force is revoked by it, so a name has one key. Keep {@link ApiKey#token} or lose it; who has
     * kept one asks {@link #accepts} first.
     *
     * @param scopes of {@link #SCOPES}
     */
    ApiKey createApiKey(String name, Set<String> scopes, OrgUnitId unit, @Nullable Instant expiresAt);

    default ApiKey createApiKey(String name, Set<String> scopes, OrgUnitId unit) {
        return createApiKey(name, scopes, unit, null);
    }

    /**
     * Puts a key in force whose token was made elsewhere: {@code tl_<4 to 32 of a-z0-9>_<43 to 128 of A-Za-z0-9_->}, at least 256 bits of it
     * random. Idempotent.
     */
    UUID keepApiKey(String name, String token, Set<String> scopes, OrgUnitId unit);

    /** False where there is no such key in force. */
    boolean revokeApiKey(UUID id);

    /** Whether this token would let its bearer in now. */
    boolean accepts(String token);

    /** All there are. {@code local:clock} moves the clock of a local system and opens nothing elsewhere. */
    Set<String> SCOPES = Set.of(
            "journeys:read",
            "journeys:write",
            "patients:read",
            "tasks:read",
            "tasks:write",
            "fhir:read",
            "fhir:write",
            "local:clock");

    /** @param token what goes after {@code Authorization: Bearer} */
    record ApiKey(UUID id, String name, String token) {

        @Override
        public String toString() {
            return "ApiKey[" + id + " " + name + "]";
        }
    }
}
