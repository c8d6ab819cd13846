package health.throughline.selfservice;

import health.throughline.selfservice.Phrases.In;
import health.throughline.selfservice.Proofs.CodeAsked;
import health.throughline.selfservice.Proofs.NotProven;
import health.throughline.selfservice.Proofs.Proven;
import health.throughline.selfservice.Proofs.Step;
import health.throughline.selfservice.Proofs.TooMany;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;

/** The pages that ask who is there, the same for whatever lies behind them. */
@Component
class ProofPages {

    static final String COOKIE = "PATIENT";

    private final Phrases phrases = Phrases.load("patient");
    private final PublicPages pages;
    private final SelfServiceSettings settings;

    ProofPages(PublicPages pages, SelfServiceSettings settings) {
        this.pages = pages;
        this.settings = settings;
    }

    Phrases phrases() {
        return phrases;
    }

    /** What the address or form asks for, else what the browser prefers. */
    In words(HttpServletRequest request) {
        return phrases.in(request.getParameter("lang"), request.getLocale().toLanguageTag());
    }

    /** @param contact whether they must say, besides, at which number or address we have them */
    ResponseEntity<String> who(
            HttpServletRequest request, In words, String action, boolean contact, @Nullable String problem) {
        Page page = new Page(words, words.say("who.title"))
                .heading(words.say("who.title"))
                .says(words.say("who.why"));
        if (problem != null) {
            page.says(problem, "problem");
        }
        return page.form(
                        request,
                        action,
                        (contact ? contactField(words) : "")
                                + dateFields(words)
                                + Page.button("step", "birth", words.say("who.next"), "main"))
                .says(words.say("person"), "quiet")
                .link(action + "?lang=" + (words.language().equals("es") ? "en" : "es"), words.say("language"))
                .answer();
    }

    private static String contactField(In words) {
        return """
                <label for="contact">%s</label>
                <input id="contact" name="contact" type="text" maxlength="120" autocomplete="tel" required dir="ltr">
                """.formatted(Page.encoded(words.say("who.contact")));
    }

    private static String dateFields(In words) {
        return """
                <fieldset><legend>%s</legend><p class="quiet" id="example">%s</p><div class="date" dir="ltr">
                %s%s%s</div></fieldset>
                """.formatted(
                        Page.encoded(words.say("who.birth")),
                        Page.encoded(words.say("who.example")),
                        dateField("month", words.say("who.month"), 2),
                        dateField("day", words.say("who.day"), 2),
                        dateField("year", words.say("who.year"), 4));
    }

    private static String dateField(String name, String label, int digits) {
        return """
                <div><label for="%1$s">%2$s</label>
                <input id="%1$s" name="%1$s" inputmode="numeric" pattern="[0-9]*" maxlength="%3$d" size="%3$d" autocomplete="bday-%1$s"
                 aria-describedby="example" required></div>
                """.formatted(name, Page.encoded(label), digits);
    }

    /** None where it is no date. */
    static Optional<LocalDate> birthDate(HttpServletRequest request) {
        try {
            return Optional.of(LocalDate.of(number(request, "year"), number(request, "month"), number(request, "day")));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int number(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return Integer.parseInt(value == null ? "" : value.strip());
    }

    /** @param problem where a code was wrong */
    ResponseEntity<String> code(
            HttpServletRequest request, In words, String back, String token, @Nullable String problem) {
        Page page = new Page(words, words.say("code.title"))
                .heading(words.say("code.title"))
                .says(words.say("code.sent"));
        if (problem != null) {
            page.says(problem, "problem");
        }
        return page.form(
                        request,
                        back + "/code",
                        Page.hidden("token", token)
                                + """
                        <label for="code">%s</label>
                        <input id="code" name="code" inputmode="numeric" pattern="[0-9 ]*" maxlength="12" autocomplete="one-time-code"
                         dir="ltr" required autofocus>
                        """.formatted(Page.encoded(words.say("code.label")))
                                + Page.button("step", "code", words.say("code.next"), "main"))
                .says(words.say("code.none"), "quiet")
                .link(back + "?lang=" + words.language(), words.say("code.back"))
                .says(words.say("person"), "quiet")
                .answer();
    }

    /** What the page shows after a step; on success the browser goes back to where it wanted to be. */
    ResponseEntity<String> after(HttpServletRequest request, In words, Step step, String back) {
        return switch (step) {
            case CodeAsked asked -> code(request, words, back, asked.token(), null);
            case NotProven no -> code(request, words, back, parameter(request, "token"), words.say("code.wrong"));
            case TooMany many ->
                new Page(words, words.say("wait.title"))
                        .heading(words.say("wait.title"))
                        .says(words.say(
                                "wait.text", Map.of("minutes", many.rest().toMinutes())))
                        .says(words.say("person"))
                        .answer(HttpStatus.TOO_MANY_REQUESTS);
            case Proven proven ->
                ResponseEntity.status(HttpStatus.SEE_OTHER)
                        .location(URI.create(back + "?lang=" + words.language()))
                        .header(
                                HttpHeaders.SET_COOKIE,
                                cookie(
                                        proven.session(),
                                        settings.sessionLongest().toSeconds()))
                        .build();
        };
    }

    /** A form's value, bounded; empty where there is none. */
    static String parameter(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return value == null || value.length() > 200 ? "" : value;
    }

    /** Of this browser, as it says; whether it is in force the product decides. */
    static @Nullable String session(HttpServletRequest request) {
        return Optional.ofNullable(request.getCookies()).stream()
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(Cookie::getValue)
                .flatMap(value -> Stream.of(value).filter(one -> one.length() < 100))
                .findFirst()
                .orElse(null);
    }

    String cookie(String value, long seconds) {
        return ResponseCookie.from(COOKIE, value)
                .httpOnly(true)
                .secure(pages.https())
                .sameSite("Lax") // a link in a message opens it
                .path("/")
                .maxAge(seconds)
                .build()
                .toString();
    }
}
