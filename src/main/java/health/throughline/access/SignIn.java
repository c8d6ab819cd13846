package health.throughline.access;

import health.throughline.audit.Audit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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

    private final JdbcStaff staff;
    private final SignInAttempts attempts;
    private final PasswordEncoder passwords;
    private final Audit audit;
    private final String nobodysHash;

    SignIn(JdbcStaff staff, SignInAttempts attempts, PasswordEncoder passwords, Audit audit) {
        this.staff = staff;
        this.attempts = attempts;
        this.passwords = passwords;
        this.audit = audit;
        this.nobodysHash = passwords.encode(ApiKeyToken.next().secret());
    }

    @Override
    public Authentication authenticate(Authentication asked) {
        String username = asked.getName();
        String password = String.valueOf(asked.getCredentials());
        String address =
                asked.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
        if (username.length() > LONGEST_INPUT || password.getBytes(StandardCharsets.UTF_8).length > LONGEST_INPUT) {
            throw refused("too_long", Optional.empty());
        }
        Duration wait = attempts.wait(username, address);
        if (!wait.isZero()) {
            throw new TooManyAttempts(wait);
        }
        var user = staff.find(username);
        boolean matches = passwords.matches(
                password, user.map(JdbcStaff.StaffUser::passwordHash).orElse(nobodysHash));
        if (user.isEmpty() || !matches || !user.get().enabled()) {
            attempts.failed(username, address);
            boolean disabled = matches && user.isPresent();
            throw refused(disabled ? "disabled" : "wrong", user.map(JdbcStaff.StaffUser::caller));
        }
        attempts.succeeded(username, address);
        return user.get().caller().authentication();
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
