package health.throughline.access;

import health.throughline.audit.Audit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.stereotype.Component;

/** Checks user name and password, in the same time whether the user exists or not. */
@Component
class SignIn implements AuthenticationProvider {

    /** Come back later. */
    static final class TooManyAttempts extends AuthenticationException {

        private final transient Duration wait;

        TooManyAttempts(Duration wait) {
            super("Too many wrong passwords. Try again in %d seconds.".formatted(wait.toSeconds() + 1));
            this.wait = wait;
        }

        long seconds() {
            return wait.toSeconds() + 1;
        }
    }

    private static final int LONGEST_INPUT = 256;
    private static final Duration LONGEST_TURN = Duration.ofSeconds(10);

    private final JdbcStaff staff;
    private final SignInAttempts attempts;
    private final PasswordEncoder passwords;
    private final Audit audit;
    private final String nobodysHash;
    private final Semaphore atOnce;

    SignIn(JdbcStaff staff, SignInAttempts attempts, PasswordEncoder passwords, Audit audit, AccessSettings settings) {
        this.staff = staff;
        this.attempts = attempts;
        this.passwords = passwords;
        this.audit = audit;
        this.atOnce = new Semaphore(settings.passwordsAtOnce(), true);
        this.nobodysHash = passwords.encode(ApiKeyToken.next().secret());
    }

    @Override
    public Authentication authenticate(Authentication asked) {
        String username = asked.getName();
        String password = String.valueOf(asked.getCredentials());
        String address =
                asked.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
        holdOff(username, address);
        if (username.length() > LONGEST_INPUT || password.getBytes(StandardCharsets.UTF_8).length > LONGEST_INPUT) {
            attempts.failed("", address);
            throw refused("too_long", Optional.empty());
        }
        var user = staff.find(username);
        boolean matches = matches(
                username,
                address,
                password,
                user.map(JdbcStaff.StaffUser::passwordHash).orElse(nobodysHash));
        if (user.isEmpty() || !matches || !user.get().enabled()) {
            boolean disabled = matches && user.isPresent();
            if (disabled) {
                attempts.failed(username, address);
            }
            throw refused(disabled ? "disabled" : "wrong", user.map(JdbcStaff.StaffUser::caller));
        }
        attempts.succeeded(username, address);
        return user.get().caller().authentication();
    }

    /** Only so many at once; the others wait their turn, and whoever by then has to be held off is. */
    private boolean matches(String username, String address, String password, String hash) {
        boolean turn = false;
        try {
            turn = atOnce.tryAcquire(LONGEST_TURN.toMillis(), TimeUnit.MILLISECONDS);
            if (!turn) {
                throw new TooManyAttempts(LONGEST_TURN);
            }
            holdOff(username, address);
            boolean matches = passwords.matches(password, hash);
            if (!matches) {
                attempts.failed(username, address);
            }
            return matches;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TooManyAttempts(LONGEST_TURN);
        } finally {
            if (turn) {
                atOnce.release();
            }
        }
    }

    private void holdOff(String username, String address) {
        Duration wait = attempts.wait(username, address);
        if (!wait.isZero()) {
            int heldOff = attempts.heldOff(address);
            if (heldOff > 0) {
                audit.record(new Audit.Entry(
                        "session.failed",
                        "staff_user",
                        "unknown",
                        null,
                        "refused",
                        Map.of("why", "held_off", "times", String.valueOf(heldOff))));
            }
            throw new TooManyAttempts(wait);
        }
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    /** What was typed is not kept unless it is a user's name: people type passwords into the wrong field. */
    private BadCredentialsException refused(String why, Optional<Caller> user) {
        audit.record(new Audit.Entry(
                "session.failed",
                "staff_user",
                user.map(Caller::getName).orElse("unknown"),
                null,
                "refused",
                Map.of("why", why)));
        return new BadCredentialsException("User name or password is wrong.");
    }
}
