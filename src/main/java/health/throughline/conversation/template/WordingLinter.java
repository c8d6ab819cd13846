package health.throughline.conversation.template;

import com.ibm.icu.text.MessageFormat;
import com.ibm.icu.text.MessagePattern.ArgType;
import com.ibm.icu.text.PluralRules;
import com.ibm.icu.util.ULocale;
import health.throughline.conversation.template.Finding.Severity;
import health.throughline.conversation.template.Variable.Type;
import health.throughline.conversation.template.Wording.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a wording before it is published. */
public final class WordingLinter {

    private static final Set<String> DATE_FORMATS = Set.of("date", "time");
    private static final Set<String> READ_ON_A_PHONE = Set.of("sms", "rcs", "whatsapp");

    /** The carrier takes a bare CANCEL for an opt-out, whatever was meant (K4). */
    private static final Pattern ASKS_FOR_CANCEL = Pattern.compile(
            "(?iu)\\b(reply|text|send|answer|write|type|press|responda|escriba|env\u00ede|envie|mande|conteste)\\b"
                    + "[^.!?\\n]{0,40}?[\"'\u201c\u2018]?\\b(CANCEL|CANCELAR|CANCELE|CANCELLED)\\b");

    private static final Pattern STOP = Pattern.compile("\\bSTOP\\b");
    private static final Pattern HELP = Pattern.compile("\\b(HELP|AYUDA)\\b");
    private static final Set<String> READ_AT_LENGTH =
            Set.of(TemplateFile.BODY, TemplateFile.MINIMAL, TemplateFile.ATTACHMENT);
    private static final String SENDER = "provider";
    private static final Set<String> SENDER_AND_PHONE = Set.of(SENDER, "phone");

    private static final String VOICE = "voice";
    private static final String CALL_BACK = "phone";

    /** Parts of the text that is said around the message of every call: the first that whoever picks up hears, and how to go on. */
    private static final String WHO_CALLS = "who";

    private static final String HOW_TO_GO_ON = "anybody-there";
    private static final Pattern KEY_THAT_ENDS_CALLS = Pattern.compile("\\b9\\b");
    private static final Map<String, Pattern> AUTOMATED = Map.of(
            "en", Pattern.compile("(?i)\\bautomated\\b"),
            "es", Pattern.compile("(?iu)\\bautom[a\u00e1]tic[ao]s?\\b"));

    private final PhiLinter phi;

    public WordingLinter(PhiLinter phi) {
        this.phi = phi;
    }

    /** All that is said against a text's wording in one language on one channel. */
    public List<Finding> findings(TemplateFile text, String channel, String locale, Map<String, String> parts) {
        return findings(text, channel, locale, parts, true);
    }

    private List<Finding> findings(
            TemplateFile text, String channel, String locale, Map<String, String> parts, boolean forPrivacy) {
        List<Finding> findings = new ArrayList<>();
        Reader reader = new Reader(text, channel, locale, findings, forPrivacy);
        parts.forEach(reader::part);
        if (channel.equals(VOICE)) {
            reader.call(parts);
        }
        return List.copyOf(findings);
    }

    /** Of a whole file: every wording, languages a critical text lacks (K14), and variables nobody uses. */
    public List<Finding> findings(TemplateFile text, List<String> languages) {
        return findings(text, languages, (channel, locale) -> false);
    }

    /**
     * The same, without reading again for health words, which takes the longest, what was read before.
     *
     * @param read told channel and language
     */
    public List<Finding> findings(TemplateFile text, List<String> languages, BiPredicate<String, String> read) {
        List<Finding> findings = new ArrayList<>();
        Set<String> unused = new TreeSet<>(text.variables().keySet());
        text.wordings().forEach((channel, locales) -> {
            locales.forEach((locale, parts) -> {
                findings.addAll(findings(text, channel, locale, parts, !read.test(channel, locale)));
                parts.values().forEach(pattern -> unused.removeAll(variables(pattern)));
            });
            if (text.critical()) {
                languages.stream()
                        .filter(language -> !locales.containsKey(language))
                        .forEach(language -> findings.add(new Finding(
                                Severity.BROKEN,
                                "K14",
                                text.file(),
                                channel,
                                language,
                                null,
                                "is critical and has no wording in this language, which is turned on. Write it and"
                                        + " have it reviewed, or turn the language off.")));
            }
        });
        unused.forEach(name -> findings.add(new Finding(
                Severity.BROKEN,
                "variables",
                text.file(),
                "every channel",
                "every language",
                name,
                "is declared and no wording uses it. Take it out of \"variables\".")));
        return findings;
    }

    private static Set<String> variables(String pattern) {
        try {
            return new Wording(pattern).variables();
        } catch (IllegalArgumentException e) {
            return Set.of();
        }
    }

    private final class Reader {

        private final TemplateFile text;
        private final String channel;
        private final String locale;
        private final List<Finding> findings;
        private final boolean forPrivacy;

        Reader(TemplateFile text, String channel, String locale, List<Finding> findings, boolean forPrivacy) {
            this.text = text;
            this.channel = channel;
            this.locale = locale;
            this.findings = findings;
            this.forPrivacy = forPrivacy;
        }

        void part(String name, String pattern) {
            Wording wording;
            try {
                wording = new Wording(pattern);
                new MessageFormat(pattern, ULocale.forLanguageTag(locale));
            } catch (IllegalArgumentException e) {
                say(Severity.BROKEN, "pattern", null, "has braces or a format that cannot be read: " + e.getMessage());
                return;
            }
            wording.arguments().forEach(this::argument);
            privacy(name, wording);
            if (ASKS_FOR_CANCEL.matcher(wording.everything()).find()) {
                say(
                        Severity.BROKEN,
                        "K4",
                        null,
                        "asks for the word CANCEL, which carriers take for an opt-out. Ask whether they will come, and"
                                + " leave the words to them.");
            }
            if (name.equals(TemplateFile.MINIMAL)) {
                minimal(wording);
            }
            if (name.equals(TemplateFile.BODY) || name.equals(TemplateFile.MINIMAL)) {
                opening(wording);
            }
            if (READ_AT_LENGTH.contains(name)) {
                reading(wording);
            }
        }

        private void privacy(String part, Wording wording) {
            if (forPrivacy && Exposure.of(channel, part)) {
                phi.hits(wording.everything())
                        .forEach(hit -> say(
                                Severity.BROKEN,
                                "K12",
                                null,
                                "says \"" + hit.words() + "\", " + hit.kind().words()
                                        + ", which others may read or hear. Leave it out; details stand behind a"
                                        + " verified link."));
            }
        }

        /** It is read by people it is not about. */
        private void minimal(Wording wording) {
            Set<String> telling = new TreeSet<>(wording.variables());
            telling.removeAll(SENDER_AND_PHONE);
            telling.forEach(name -> say(
                    Severity.BROKEN,
                    "K8",
                    name,
                    "stands in \"minimal\", which others read. It may say who writes and whom to call, with {provider} and"
                            + " {phone}, and no more."));
        }

        private void opening(Wording wording) {
            if (!text.opens() || !READ_ON_A_PHONE.contains(channel)) {
                return;
            }
            if (!wording.variables().contains(SENDER)) {
                say(
                        Severity.ERROR,
                        "K6",
                        SENDER,
                        "opens a conversation and does not say who writes. Begin with {provider}.");
            }
            if (!STOP.matcher(wording.everything()).find()
                    || !HELP.matcher(wording.everything()).find()) {
                say(Severity.ERROR, "K6", null, "opens a conversation and does not name STOP and HELP. End with both.");
            }
        }

        /** 47 CFR 64.1200(b): who calls and a number to call back, in every call; and a key that ends such calls. */
        void call(Map<String, String> parts) {
            if (parts.containsKey(WHO_CALLS)
                    || text.wordings().getOrDefault(VOICE, Map.of()).values().stream()
                            .anyMatch(others -> others.containsKey(WHO_CALLS))) {
                says(WHO_CALLS, parts);
                says(TemplateFile.BODY, parts);
                if (!KEY_THAT_ENDS_CALLS
                        .matcher(everything(parts.get(HOW_TO_GO_ON)))
                        .find()) {
                    say(
                            Severity.ERROR,
                            "K16",
                            null,
                            "does not name key 9, which ends such calls, in \"" + HOW_TO_GO_ON + "\".");
                }
            } else if (text.opens()) {
                whoCalls(TemplateFile.BODY, parts);
            }
        }

        private void says(String part, Map<String, String> parts) {
            whoCalls(part, parts);
            if (!variables(parts.getOrDefault(part, "")).contains(CALL_BACK)) {
                say(
                        Severity.ERROR,
                        "K16",
                        CALL_BACK,
                        "is heard in every call and gives no number to call back in \"" + part + "\". Say {phone}.");
            }
        }

        private void whoCalls(String part, Map<String, String> parts) {
            if (!variables(parts.getOrDefault(part, "")).contains(SENDER)) {
                say(
                        Severity.ERROR,
                        "K16",
                        SENDER,
                        "is heard first and does not say who calls in \"" + part + "\". Begin with {provider}.");
            }
            Pattern automated = AUTOMATED.get(ULocale.forLanguageTag(locale).getLanguage());
            if (automated != null
                    && !automated.matcher(everything(parts.get(part))).find()) {
                say(
                        Severity.ERROR,
                        "K15",
                        null,
                        "is heard first and does not say in \"" + part + "\" that the call is automated.");
            }
        }

        private static String everything(@Nullable String pattern) {
            try {
                return pattern == null ? "" : new Wording(pattern).everything();
            } catch (IllegalArgumentException e) {
                return "";
            }
        }

        private void reading(Wording wording) {
            String language = ULocale.forLanguageTag(locale).getLanguage();
            if (language.equals("en")) {
                Reading reading = Reading.english(wording.usual());
                if (reading.enough() && reading.grade() > Reading.HIGHEST_GRADE) {
                    say(
                            Severity.ERROR,
                            "K14",
                            null,
                            "reads at grade %.1f by Flesch and Kincaid; 6 is the most. Use shorter words and sentences."
                                    .formatted(reading.grade()));
                }
            } else if (language.equals("es")) {
                Reading reading = Reading.spanish(wording.usual());
                if (reading.enough() && reading.perspicuity() < Reading.LOWEST_SPANISH) {
                    say(
                            Severity.WARNING,
                            "K14",
                            null,
                            "reads as %s on the INFLESZ scale (%.0f; from 55 on it is normal). Use shorter words and sentences."
                                    .formatted(reading.band(), reading.perspicuity()));
                }
            }
        }

        private void argument(Argument argument) {
            Variable variable = text.variables().get(argument.name());
            if (variable == null) {
                variable(
                        argument,
                        "is not declared. Declare it under \"variables\", or use one of "
                                + new TreeSet<>(text.variables().keySet()) + ".");
                return;
            }
            switch (argument.how()) {
                case NONE -> plain(argument, variable);
                case SIMPLE -> formatted(argument, variable);
                case SELECT -> select(argument, variable);
                case PLURAL, SELECTORDINAL -> plural(argument, variable);
                case CHOICE ->
                    variable(argument, "uses a choice format, which no language but English can do. Use plural.");
            }
        }

        private void plain(Argument argument, Variable variable) {
            if (variable.type() == Type.DATE_TIME) {
                variable(
                        argument,
                        "is a date and time and needs a format: {" + argument.name() + ", date, ::EEEEMMMMd}.");
            } else if (variable.type() == Type.ENUM) {
                variable(
                        argument,
                        "is one of " + variable.values() + " and needs words for each: {" + argument.name()
                                + ", select, other {…}}.");
            }
        }

        private void formatted(Argument argument, Variable variable) {
            boolean fits = DATE_FORMATS.contains(String.valueOf(argument.format()))
                    ? variable.type() == Type.DATE_TIME
                    : variable.type() == Type.NUMBER;
            if (!fits) {
                variable(
                        argument,
                        "is a " + variable.type().code() + " and cannot be formatted as " + argument.format() + ".");
            }
        }

        private void select(Argument argument, Variable variable) {
            Set<String> unknown = new TreeSet<>(argument.choices());
            unknown.remove("other");
            unknown.remove(Variable.NONE);
            if (variable.type() == Type.ENUM) {
                variable.values().forEach(unknown::remove);
            }
            if (!unknown.isEmpty()) {
                variable(
                        argument,
                        "chooses by " + unknown + ", which it never is; it may be "
                                + (variable.type() == Type.ENUM ? variable.values() : "none or anything else") + ".");
            }
        }

        private void plural(Argument argument, Variable variable) {
            if (variable.type() != Type.NUMBER) {
                variable(argument, "is a " + variable.type().code() + " and cannot be counted. Make it a number.");
                return;
            }
            var type =
                    argument.how() == ArgType.PLURAL ? PluralRules.PluralType.CARDINAL : PluralRules.PluralType.ORDINAL;
            Set<String> known =
                    PluralRules.forLocale(ULocale.forLanguageTag(locale), type).getKeywords();
            Set<String> unknown = new TreeSet<>(argument.choices());
            unknown.removeIf(choice -> choice.startsWith("=") || known.contains(choice));
            if (!unknown.isEmpty()) {
                variable(
                        argument,
                        "counts by " + unknown + ", which this language does not have; it has " + known + ".");
            }
        }

        private void variable(Argument argument, String sentence) {
            say(Severity.BROKEN, "variables", argument.name(), sentence);
        }

        private void say(Severity severity, String rule, @Nullable String variable, String sentence) {
            findings.add(new Finding(severity, rule, text.file(), channel, locale, variable, sentence));
        }
    }
}
