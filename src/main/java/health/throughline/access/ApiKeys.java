package health.throughline.access;

import health.throughline.access.JdbcApiKeys.StoredKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Looks a key up at every request, so that a revoked one is out at once. */
@Component
class ApiKeys {

    private static final Duration LAST_USED_GRAIN = Duration.ofMinutes(1);

    private final JdbcApiKeys keys;
    private final Clock clock;

    ApiKeys(JdbcApiKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    Optional<Caller> letIn(String bearer) {
        Instant now = clock.instant();
        Optional<StoredKey> key = ApiKeyToken.parse(bearer)
                .flatMap(token -> keys.findByPrefix(token.prefix()).filter(stored -> token.opens(stored.secretHash())))
                .filter(stored -> stored.inForce(now));
        key.filter(stored -> stored.lastUsedAt() == null
                        || stored.lastUsedAt().plus(LAST_USED_GRAIN).isBefore(now))
                .ifPresent(stored -> keys.used(stored.id(), now));
        return key.map(StoredKey::caller);
    }
}
