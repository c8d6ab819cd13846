package health.throughline.access;

import health.throughline.audit.Actor;
import health.throughline.audit.Audit;
import health.throughline.organization.Organization;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.CsrfConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.annotation.web.configurers.RequestCacheConfigurer;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/** The one chain of filters that every request passes. */
@Configuration(proxyBeanMethods = false)
class WebSecurity {

    private static final String SESSION = "/api/v1/session";

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    ServletContextInitializer sessionCookie(Surroundings surroundings) {
        return context -> {
            var cookie = context.getSessionCookieConfig();
            cookie.setName("SESSION");
            cookie.setHttpOnly(true);
            cookie.setSecure(surroundings.https());
            cookie.setPath("/");
            cookie.setAttribute("SameSite", "Strict");
        };
    }

    @Bean
    SecurityFilterChain everyRequest(
            HttpSecurity http,
            SignIn signIn,
            ApiKeys keys,
            JdbcStaff staff,
            Organization organization,
            ProblemWriter problems,
            Audit audit,
            ApplicationEventPublisher events,
            Surroundings surroundings,
            AccessSettings settings) {
        // without a parent, which would try each wrong password a second time
        http.authenticationManager(new ProviderManager(signIn))
                .authorizeHttpRequests(requests -> RequestRules.apply(requests, surroundings.local()))
                .requestCache(RequestCacheConfigurer::disable)
                .csrf(csrf -> csrf(csrf, surroundings))
                .headers(headers -> headers(headers, surroundings))
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(problems).accessDeniedHandler(problems))
                .formLogin(form -> form.loginPage("/sign-in")
                        .loginProcessingUrl(SESSION)
                        .successHandler((request, response, who) -> signedIn(request, response, who, audit, settings))
                        .failureHandler((request, response, why) -> notSignedIn(response, why, problems)))
                .logout(out -> out.logoutRequestMatcher(
                                PathPatternRequestMatcher.withDefaults().matcher(HttpMethod.DELETE, SESSION))
                        .addLogoutHandler((request, response, who) -> signedOut(who, audit, events))
                        .deleteCookies("SESSION")
                        .logoutSuccessHandler((request, response, who) -> response.setStatus(204)))
                .addFilterAfter(new IdleFilter(settings.idleLogOff(), InstantSource.system()), HeaderWriterFilter.class)
                .addFilterAfter(new StaffFilter(staff), IdleFilter.class)
                .addFilterAfter(new ApiKeyFilter(keys, problems), HeaderWriterFilter.class)
                .addFilterBefore(new OriginFilter(surroundings, problems), CsrfFilter.class)
                .addFilterBefore(new BindingFilter(organization), ExceptionTranslationFilter.class);
        return http.build();
    }

    private static void csrf(CsrfConfigurer<HttpSecurity> csrf, Surroundings surroundings) {
        var cookie = CookieCsrfTokenRepository.withHttpOnlyFalse();
        cookie.setCookieCustomizer(
                one -> one.secure(surroundings.https()).sameSite("Strict").path("/"));
        csrf.spa()
                .csrfTokenRepository(cookie)
                .ignoringRequestMatchers(ApiKeyFilter::bringsKey, RequestRules.WEBHOOKS, RequestRules.CHAT);
    }

    /** A span for each filter of each request costs more than what it tells: a request as a whole is observed. */
    @Bean
    SecurityObservationSettings filtersUnobserved() {
        return SecurityObservationSettings.noObservations();
    }

    private static void headers(HeadersConfigurer<HttpSecurity> headers, Surroundings surroundings) {
        String policy = contentPolicy(surroundings);
        headers.addHeaderWriter((request, response) -> {
                    // a page that other sites may hold says itself which
                    if (!response.containsHeader("Content-Security-Policy")) {
                        response.setHeader("Content-Security-Policy", policy);
                        response.setHeader("X-Frame-Options", "DENY");
                    }
                })
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::disable)
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.SAME_ORIGIN))
                .permissionsPolicyHeader(permissions ->
                        permissions.policy("camera=(), microphone=(), geolocation=(), payment=(), usb=()"))
                .httpStrictTransportSecurity(transport -> {
                    if (surroundings.https()) {
                        transport.requestMatcher(AnyRequestMatcher.INSTANCE).includeSubDomains(true);
                    } else {
                        transport.disable();
                    }
                });
    }

    private static String contentPolicy(Surroundings surroundings) {
        String simulator = surroundings.simulatorUrl().map(url -> " " + url).orElse("");
        return "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
                + "connect-src 'self'" + simulator
                + "; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
    }

    private static void signedIn(
            HttpServletRequest request,
            HttpServletResponse response,
            Authentication who,
            Audit audit,
            AccessSettings settings) {
        request.getSession().setMaxInactiveInterval((int) settings.idleLogOff().toSeconds());
        record(audit, "session.begin", who);
        response.setStatus(HttpStatus.NO_CONTENT.value());
    }

    private static void notSignedIn(HttpServletResponse response, AuthenticationException why, ProblemWriter problems)
            throws IOException {
        if (why instanceof SignIn.TooManyAttempts wait) {
            response.setHeader("Retry-After", String.valueOf(wait.seconds()));
            problems.write(response, HttpStatus.TOO_MANY_REQUESTS, String.valueOf(wait.getMessage()));
        } else {
            problems.write(response, HttpStatus.UNAUTHORIZED, "User name or password is wrong.");
        }
    }

    private static void signedOut(@Nullable Authentication who, Audit audit, ApplicationEventPublisher events) {
        if (who != null) {
            record(audit, "session.end", who);
            events.publishEvent(new SessionEnded(who.getName()));
        }
    }

    private static void record(Audit audit, String action, Authentication who) {
        if (who.getPrincipal() instanceof Caller caller) {
            Actor former = caller.actor().bind();
            try {
                audit.record(new Audit.Entry(action, "staff_user", caller.getName(), null, "done", Map.of()));
            } finally {
                former.bind();
            }
        }
    }
}
