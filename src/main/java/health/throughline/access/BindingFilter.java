package health.throughline.access;

import health.throughline.audit.Actor;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.web.filter.OncePerRequestFilter;

/** Binds who acts and what they may see to the request's thread: nothing, until somebody known is there. */
class BindingFilter extends OncePerRequestFilter {

    private final Organization organization;

    BindingFilter(Organization organization) {
        this.organization = organization;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        AccessScope before = AccessScope.current();
        Actor former = Actor.current();
        try {
            var caller = Caller.current();
            caller.ifPresent(known -> known.actor().bind());
            AccessScope.set(
                    RequestRules.WEBHOOKS.matches(request) || RequestRules.CHAT.matches(request)
                            ? AccessScope.system()
                            : caller.map(this::scope).orElse(AccessScope.none()));
            chain.doFilter(request, response);
        } finally {
            former.bind();
            AccessScope.set(before);
        }
    }

    private AccessScope scope(Caller caller) {
        return organization
                .find(caller.unit())
                .map(OrgUnit::path)
                .map(path -> AccessScope.ofPaths(List.of(path)))
                .orElse(AccessScope.none());
    }

    /** An event stream or another answer that goes on later comes back on another thread, which starts as the system. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }
}
