package health.throughline.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads no more of a body than its place allows, whatever the request says of its length, and before anybody is known: what anybody may
 * send must never be what the heap holds. The feed and the webhooks have bounds of their own, and so have files (multipart).
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class BodyLimitFilter extends OncePerRequestFilter {

    private static final List<String> OWN_BOUND = List.of("/fhir", "/webhooks");
    private static final List<String> PATIENTS = List.of("/chat", "/my", "/v", "/e");
    private static final String FORM = "application/x-www-form-urlencoded";

    private final AccessSettings settings;
    private final ProblemWriter problems;

    BodyLimitFilter(AccessSettings settings, ProblemWriter problems) {
        this.settings = settings;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return isBelow(OWN_BOUND, request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = Objects.requireNonNullElse(request.getContentType(), "").toLowerCase(Locale.ROOT);
        boolean form = type.startsWith(FORM);
        long most = (form || isBelow(PATIENTS, request) ? settings.patientsBody() : settings.largestBody()).toBytes();
        try {
            if (!type.startsWith("multipart/") && request.getContentLengthLong() > most) {
                throw new BodyTooLarge(most);
            }
            if (form && request.getContentLengthLong() < 0) {
                fields(request, most);
            }
            chain.doFilter(new Counted(request, most), response);
        } catch (IOException | ServletException | RuntimeException failure) {
            BodyTooLarge large = BodyTooLarge.in(failure);
            if (large == null) {
                throw failure;
            }
            problems.write(response, HttpStatus.CONTENT_TOO_LARGE, String.valueOf(large.getMessage()));
        }
    }

    /** A form that does not say its length: the container reads it past every wrapper, and has the same bound. */
    private static void fields(HttpServletRequest request, long most) throws BodyTooLarge {
        try {
            request.getParameterMap();
        } catch (IllegalStateException refused) {
            throw new BodyTooLarge(most);
        }
    }

    private static boolean isBelow(List<String> places, HttpServletRequest request) {
        String path = request.getServletPath();
        return places.stream().anyMatch(place -> path.equals(place) || path.startsWith(place + "/"));
    }

    private static final class Counted extends HttpServletRequestWrapper {

        private final long most;
        private @Nullable ServletInputStream body;
        private @Nullable BufferedReader reader;

        Counted(HttpServletRequest request, long most) {
            super(request);
            this.most = most;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (body == null) {
                body = new CountedBody(super.getInputStream(), most);
            }
            return body;
        }

        @Override
        public BufferedReader getReader() throws IOException {
            if (reader == null) {
                String encoding = getCharacterEncoding();
                reader = new BufferedReader(new InputStreamReader(
                        getInputStream(), encoding == null ? StandardCharsets.UTF_8.name() : encoding));
            }
            return reader;
        }
    }

    private static final class CountedBody extends ServletInputStream {

        private final ServletInputStream body;
        private final long most;
        private long read;

        CountedBody(ServletInputStream body, long most) {
            this.body = body;
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            int one = body.read();
            count(one < 0 ? 0 : 1);
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int some = body.read(into, offset, length);
            count(Math.max(some, 0));
            return some;
        }

        private void count(int some) throws BodyTooLarge {
            read += some;
            if (read > most) {
                throw new BodyTooLarge(most);
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
