package health.throughline.consent;

import java.time.Instant;

/** What the rules say to a set of facts. */
sealed interface Verdict {

    String reason();

    String sentence();

    record May(String reason, String sentence) implements Verdict {}

    record Later(Instant until, String reason, String sentence) implements Verdict {}

    record MayNot(String reason, String sentence) implements Verdict {}
}
