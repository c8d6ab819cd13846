package health.throughline.coordination;

import com.ibm.icu.text.DateFormat;
import com.ibm.icu.text.MessageFormat;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.ULocale;
import health.throughline.care.Appointment;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientProfile;
import java.io.IOException;
import java.io.InputStream;
import java.text.Format;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What a coordinator says on the phone, by the reason of the task: {@code texts/calls/scripts.yaml}. A fault in it stops start-up. */
@Component
class CallScripts {

    private static final String FILE = "texts/calls/scripts.yaml";
    private static final String ENGLISH = "en";
    private static final List<String> LANGUAGES = List.of(ENGLISH, "es");
    private static final int OF_AGE = 18;

    private final Map<String, List<Pattern>> parts = new HashMap<>();
    private final Organization organization;
    private final Clock clock;

    CallScripts(Organization organization, Clock clock) throws IOException {
        this.organization = organization;
        this.clock = clock;
        try (InputStream content = new ClassPathResource(FILE).getInputStream()) {
            load(new Yaml(new SafeConstructor(new LoaderOptions())).load(content));
        }
    }

    /** @param wordings by language */
    private record Pattern(String part, Map<String, String> wordings) {}

    /** @param english the same in English; none where the text is English */
    record Line(String part, String text, @Nullable String english) {}

    /** @param language of the lines; {@code en} where there are none in the patient's */
    record Script(String language, boolean inPatientsLanguage, List<Line> lines) {}

    @SuppressWarnings("unchecked")
    private void load(Map<String, Object> document) {
        Set<String> declared = new HashSet<>((List<String>) document.getOrDefault("variables", List.of()));
        Map<String, Object> reasons = (Map<String, Object>) document.getOrDefault("reasons", Map.of());
        for (String name : List.of("begin", "begin-child", "otherwise", "end")) {
            parts.put(name, patterns(document.get(name), name, declared));
        }
        reasons.forEach((reason, lines) -> parts.put("reason " + reason, patterns(lines, reason, declared)));
    }

    @SuppressWarnings("unchecked")
    private static List<Pattern> patterns(@Nullable Object lines, String where, Set<String> declared) {
        if (!(lines instanceof List<?> list) || list.isEmpty()) {
            throw new IllegalStateException(FILE + " has no lines for " + where);
        }
        List<Pattern> patterns = new ArrayList<>();
        for (Object line : list) {
            Map<String, String> wordings = (Map<String, String>) line;
            for (String language : LANGUAGES) {
                String wording = wordings.get(language);
                if (wording == null || !declared.containsAll(arguments(wording, language))) {
                    throw new IllegalStateException(FILE + ", " + where + ": each line needs a wording in " + LANGUAGES
                            + " with " + declared + " only");
                }
            }
            patterns.add(new Pattern(String.valueOf(wordings.get("part")), wordings));
        }
        return patterns;
    }

    private static Set<String> arguments(String wording, String language) {
        return new MessageFormat(wording, ULocale.forLanguageTag(language)).getArgumentNames();
    }

    Script of(String reason, PatientProfile patient, @Nullable Appointment visit, OrgUnit unit) {
        String spoken = patient.language() == null
                ? ENGLISH
                : ULocale.forLanguageTag(patient.language()).getLanguage();
        String language = LANGUAGES.contains(spoken) ? spoken : ENGLISH;
        Map<String, Object> values = values(patient, visit, unit);
        List<Line> say = lines("reason " + reason, language, values);
        List<Line> lines = Stream.of(
                        lines(isChild(patient) ? "begin-child" : "begin", language, values),
                        say.isEmpty() ? lines("otherwise", language, values) : say,
                        lines("end", language, values))
                .flatMap(List::stream)
                .toList();
        return new Script(language, language.equals(spoken), lines);
    }

    private boolean isChild(PatientProfile patient) {
        LocalDate born = patient.birthDate();
        return born != null
                && Period.between(born, clock.instant().atZone(ZoneOffset.UTC).toLocalDate())
                                .getYears()
                        < OF_AGE;
    }

    private List<Line> lines(String name, String language, Map<String, Object> values) {
        return parts.getOrDefault(name, List.of()).stream()
                .filter(pattern -> values.keySet().containsAll(arguments(wording(pattern, ENGLISH), ENGLISH)))
                .map(pattern -> new Line(
                        pattern.part(),
                        render(wording(pattern, language), language, values),
                        language.equals(ENGLISH) ? null : render(wording(pattern, ENGLISH), ENGLISH, values)))
                .toList();
    }

    private static String wording(Pattern pattern, String language) {
        return java.util.Objects.requireNonNull(pattern.wordings().get(language));
    }

    private static String render(String wording, String language, Map<String, Object> values) {
        MessageFormat format = new MessageFormat(wording, ULocale.forLanguageTag(language));
        for (Format part : format.getFormats()) {
            if (part instanceof DateFormat date) {
                date.setTimeZone(TimeZone.GMT_ZONE);
            }
        }
        return format.format(values).replace('\u202f', ' ').replace('\u00a0', ' ');
    }

    /** Patient-safe names only: what has none is not said. */
    private Map<String, Object> values(PatientProfile patient, @Nullable Appointment visit, OrgUnit unit) {
        Map<String, Object> values = new HashMap<>();
        values.put("givenName", patient.givenName());
        Optional<OrgUnit> hospital =
                organization.ancestor(unit.id(), OrgUnit.Kind.HOSPITAL).or(() -> organization.find(patient.orgUnit()));
        hospital.map(OrgUnit::patientSafeName).ifPresent(name -> values.put("provider", name));
        Optional<OrgUnit> place =
                Optional.ofNullable(visit).map(Appointment::location).flatMap(organization::find);
        place.map(OrgUnit::patientSafeName).ifPresent(name -> values.put("place", name));
        place.map(OrgUnit::phone).or(() -> hospital.map(OrgUnit::phone)).ifPresent(phone -> values.put("phone", phone));
        LocalDateTime start = visit == null ? null : visit.startLocal();
        if (start != null) {
            values.put("visit", Date.from(start.toInstant(ZoneOffset.UTC)));
        }
        return values;
    }
}
