package health.throughline.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.filter.OncePerRequestFilter;

/** Asks at every request whether the session's user may still work, and as what: a change of role or unit counts at once. */
class StaffFilter extends OncePerRequestFilter {

    private final JdbcStaff staff;

    StaffFilter(JdbcStaff staff) {
        this.staff = staff;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var caller = Caller.current().filter(Caller::isStaff);
        if (caller.isPresent()) {
            var user = staff.find(caller.get().getName()).filter(JdbcStaff.StaffUser::enabled);
            if (user.isPresent()) {
                SecurityContextHolder.setContext(
                        new SecurityContextImpl(user.get().caller().authentication()));
            } else {
                SecurityContextHolder.clearContext();
                var session = request.getSession(false);
                if (session != null) {
                    session.invalidate();
                }
            }
        }
        chain.doFilter(request, response);
    }
}
