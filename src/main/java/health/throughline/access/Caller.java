package health.throughline.access;

import health.throughline.audit.Actor;
import health.throughline.organization.OrgUnitId;
import java.util.ArrayList;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticatedPrincipal;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Whoever was let in: a member of staff, with a role, or a program with an API key, with scopes. Controllers take it as
 * {@code @AuthenticationPrincipal Caller}.
 *
 * @param displayName the person's name for the screen; an API key's name
 * @param unit the unit whose rows, and those below it, the caller may see
 */
public record Caller(
        Actor actor, String displayName, @Nullable Role role, Set<String> scopes, OrgUnitId unit)
        implements AuthenticatedPrincipal {

    /** Who asks, in the request being answered by this thread. */
    public static Optional<Caller> current() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof Caller caller
                ? Optional.of(caller)
                : Optional.empty();
    }

    public boolean isStaff() {
        return role != null;
    }

    Authentication authentication() {
        var authorities = new ArrayList<SimpleGrantedAuthority>();
        if (role != null) {
            authorities.add(new SimpleGrantedAuthority(role.authority()));
        }
        scopes.forEach(scope -> authorities.add(new SimpleGrantedAuthority("SCOPE_" + scope)));
        return UsernamePasswordAuthenticationToken.authenticated(this, null, authorities);
    }

    /** The user name, or the API key's name. */
    @Override
    public String getName() {
        return actor.name();
    }
}
