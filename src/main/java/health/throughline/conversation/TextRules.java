package health.throughline.conversation;

import health.throughline.consent.Urgency;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.template.Exposure;
import health.throughline.conversation.template.PhiLinter;
import health.throughline.conversation.template.PhiTerms;
import health.throughline.conversation.template.TemplateFile;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What keeps a text from being said, looked at with everything filled in: places and clinicians bring their own words (K12). */
@Component
class TextRules {

    static final String GIVES_AWAY = "K12.phi";
    static final String EXPIRED = "text-expired";

    private final Texts texts;
    private final Clock clock;

    TextRules(Texts texts, Clock clock) {
        this.texts = texts;
        this.clock = clock;
    }

    /** None where it may be said. */
    Optional<Refused> objection(Text text, Map<String, Object> values) {
        LocalDate expires = text.expires();
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        // who writes of danger is told what to do, also in words nobody has read again in time
        if (expires != null && !today.isBefore(expires) && text.urgency() != Urgency.URGENT) {
            return Optional.of(new Refused(
                    EXPIRED,
                    "The text \"" + text.key() + "\" in " + text.locale()
                            + " was good until yesterday or longer ago; its owner has to read it again."));
        }
        return text.exposed(values).values().stream()
                .map(part -> texts.phi().hits(part))
                .filter(hits -> !hits.isEmpty())
                .findFirst()
                .map(hits -> new Refused(GIVES_AWAY, sentence(hits)));
    }

    /**
     * The same for a message on its way: words that give health away may have been added to the list since.
     *
     * @param givenNames of those it speaks of, asked only where something is found: a name gives nothing away
     */
    boolean givesAway(String channel, String body, Map<String, String> parts, Supplier<List<String>> givenNames) {
        String seen = Exposure.of(channel, TemplateFile.BODY) ? body : "";
        String all = seen
                + parts.entrySet().stream()
                        .filter(part -> Exposure.of(channel, part.getKey()))
                        .map(part -> "\n" + part.getValue())
                        .collect(Collectors.joining());
        if (texts.phi().hits(all).isEmpty()) {
            return false;
        }
        String nameless = all;
        for (String name : givenNames.get()) {
            if (!name.isBlank()) {
                nameless = nameless.replaceAll("(?iu)\\b" + Pattern.quote(name.strip()) + "\\b", "N");
            }
        }
        return !texts.phi().hits(nameless).isEmpty();
    }

    /** The name, unless it would give something away: then it is not said. */
    @Nullable
    String speakable(@Nullable String name) {
        return name == null || texts.phi().hits(name).isEmpty() ? name : null;
    }

    /** For staff. Names the words, so that whoever wrote them, or named the place, can mend it. */
    private static String sentence(List<PhiLinter.Hit> hits) {
        String kinds = hits.stream()
                .map(PhiLinter.Hit::kind)
                .distinct()
                .map(PhiTerms.Kind::words)
                .collect(Collectors.joining(", "));
        return "With everything filled in it would name " + kinds + ": "
                + hits.stream().map(hit -> "\"" + hit.words() + "\"").collect(Collectors.joining(", "))
                + ". Others may read or hear it. Say it otherwise, or give the place or person a name for patients"
                + " that does not tell.";
    }
}
