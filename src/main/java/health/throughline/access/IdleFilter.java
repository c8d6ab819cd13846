package health.throughline.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Ends a session that a person has left alone (45 CFR 164.312(a)(2)(iii)). A page that is open asks by itself, again and again: each of its
 * requests tells how long nobody has touched it, and only what a person does counts. A request that does not tell is a person's.
 */
class IdleFilter extends OncePerRequestFilter {

    /** Seconds since somebody last did something on the page that asks. */
    static final String IDLE = "X-Idle";

    private static final String LAST_DONE = IdleFilter.class.getName() + ".lastDone";
    private static final String EVENTS = "/api/v1/events";
    private static final int MOST_DIGITS = 9;

    private final Duration limit;
    private final InstantSource clock;

    IdleFilter(Duration limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        HttpSession session = request.getSession(false);
        if (session != null && leftAlone(request, session)) {
            SecurityContextHolder.clearContext();
            session.invalidate();
        }
        chain.doFilter(request, response);
    }

    private boolean leftAlone(HttpServletRequest request, HttpSession session) {
        Instant now = clock.instant();
        Instant before = session.getAttribute(LAST_DONE) instanceof Instant instant ? instant : now;
        Instant done = now.minus(idle(request, Duration.between(before, now)));
        Instant last = done.isAfter(before) ? done : before;
        session.setAttribute(LAST_DONE, last);
        return last.plus(limit).isBefore(now);
    }

    /** @param sinceBefore where the request is nobody's doing */
    private static Duration idle(HttpServletRequest request, Duration sinceBefore) {
        if (EVENTS.equals(request.getRequestURI())) {
            return sinceBefore;
        }
        String told = request.getHeader(IDLE);
        return isNumber(told) ? Duration.ofSeconds(Long.parseLong(told)) : Duration.ZERO;
    }

    private static boolean isNumber(@Nullable String told) {
        return told != null
                && !told.isEmpty()
                && told.length() <= MOST_DIGITS
                && told.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
