package health.throughline.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Refuses what another site's page asks for, reads and event streams too. Programs with a key, and webhooks, send no Origin that counts. */
class OriginFilter extends OncePerRequestFilter {

    private final Surroundings surroundings;
    private final ProblemWriter problems;

    OriginFilter(Surroundings surroundings, ProblemWriter problems) {
        this.surroundings = surroundings;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return !path.startsWith("/chat/api/") && (!path.startsWith("/api/") || ApiKeyFilter.bringsKey(request));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if ("cross-site".equals(request.getHeader("Sec-Fetch-Site")) || (origin != null && !ours(origin, request))) {
            problems.write(response, HttpStatus.FORBIDDEN, "Another site's page may not ask this.");
            return;
        }
        chain.doFilter(request, response);
    }

    private boolean ours(String origin, HttpServletRequest request) {
        if (surroundings.publicOrigin().filter(origin::equalsIgnoreCase).isPresent()) {
            return true;
        }
        String host = request.getHeader(HttpHeaders.HOST);
        try {
            String authority = URI.create(origin).getAuthority();
            return authority != null
                    && host != null
                    && authority.toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
