package health.throughline.conversation;

import com.ibm.icu.lang.UScript;
import com.ibm.icu.util.ULocale;
import health.throughline.TimeOrderedId;
import health.throughline.audit.Audit;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter;
import health.throughline.conversation.JdbcTexts.Edit;
import health.throughline.conversation.JdbcTexts.InForce;
import health.throughline.conversation.JdbcTexts.Stored;
import health.throughline.conversation.template.Finding;
import health.throughline.conversation.template.Reading;
import health.throughline.conversation.template.TemplateFile;
import health.throughline.conversation.template.Wording;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class StoredTemplates implements Templates {

    private static final int EXEMPTION = 160;
    private static final int LONGEST = 5_000;
    private static final int MOST_PARTS = 10;
    private static final Period WARN_BEFORE = Period.ofDays(30);
    private static final String DIGITS = "0";
    private static final String IN_UCS_2 = "UCS-2";

    private final Texts texts;
    private final JdbcTexts stored;
    private final Senders senders;
    private final List<TextUses> uses;
    private final Audit audit;
    private final Clock clock;
    private final Prices prices;

    /** Of each version that was ever looked at: a version never changes, and reading all of them takes seconds. */
    private final Map<UUID, List<TextFinding>> found = new ConcurrentHashMap<>();

    StoredTemplates(
            Texts texts,
            JdbcTexts stored,
            Senders senders,
            List<TextUses> uses,
            Audit audit,
            Clock clock,
            Prices prices) {
        this.texts = texts;
        this.stored = stored;
        this.senders = senders;
        this.uses = uses;
        this.audit = audit;
        this.clock = clock;
        this.prices = prices;
    }

    @Override
    @Transactional(readOnly = true)
    public List<TextSummary> list() {
        Map<String, List<InForce>> said = stored.inForce().stream().collect(Collectors.groupingBy(InForce::key));
        Map<String, Long> proposed =
                stored.openEdits().stream().collect(Collectors.groupingBy(Edit::key, Collectors.counting()));
        return texts.files().values().stream()
                .map(file -> summary(
                        file,
                        versions(said.getOrDefault(file.key(), List.of())),
                        proposed.getOrDefault(file.key(), 0L).intValue()))
                .toList();
    }

    private List<Stored> versions(List<InForce> said) {
        return said.stream().map(one -> stored.version(one.version())).toList();
    }

    private TextSummary summary(TemplateFile file, List<Stored> said, int proposed) {
        List<TextFinding> findings = findings(file, said);
        LocalDate expires = said.stream()
                .map(Stored::expires)
                .filter(java.util.Objects::nonNull)
                .min(LocalDate::compareTo)
                .orElse(null);
        boolean reviewed = said.stream().allMatch(Stored::reviewed);
        return new TextSummary(
                file.key(),
                file.about(),
                file.purpose().code(),
                file.urgency().code(),
                file.critical(),
                file.owner(),
                file.reviewer(),
                said.stream().map(Stored::channel).distinct().sorted().toList(),
                said.stream().map(Stored::locale).distinct().sorted().toList(),
                expires,
                state(file, findings, expires, reviewed),
                findings.size(),
                proposed,
                usedBy(file.key()));
    }

    private String state(TemplateFile file, List<TextFinding> findings, @Nullable LocalDate expires, boolean reviewed) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        if (expires != null && !today.isBefore(expires)) {
            return "expired";
        }
        if (findings.stream().anyMatch(finding -> !finding.severity().equals("warning"))) {
            return "error";
        }
        if (file.critical() && !reviewed) {
            return "unreviewed";
        }
        if (expires != null && !today.isBefore(expires.minus(WARN_BEFORE))) {
            return "expires-soon";
        }
        return findings.isEmpty() ? "ok" : "warning";
    }

    private List<TextFinding> findings(TemplateFile file, List<Stored> said) {
        return said.stream()
                .flatMap(wording -> found.computeIfAbsent(wording.id(), id -> read(file, wording)).stream())
                .toList();
    }

    private List<TextFinding> read(TemplateFile file, Stored wording) {
        return told(texts.linter().findings(file, wording.channel(), wording.locale(), wording.parts()));
    }

    private List<TextUse> usedBy(String key) {
        return uses.stream()
                .flatMap(who -> who.of(key).stream())
                .map(use -> new TextUse(use.kind(), use.name()))
                .toList();
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<TextDetail> find(String key) {
        return Optional.ofNullable(texts.files().get(key)).map(this::detail);
    }

    private TextDetail detail(TemplateFile file) {
        List<Stored> versions = stored.versions(file.key());
        Map<UUID, Stored> byId = versions.stream().collect(Collectors.toMap(Stored::id, Function.identity()));
        Map<UUID, Instant> said = stored.inForce().stream()
                .filter(one -> one.key().equals(file.key()))
                .collect(Collectors.toMap(InForce::version, InForce::since));
        List<Stored> inForce =
                versions.stream().filter(one -> said.containsKey(one.id())).toList();
        List<Edit> open = stored.openEdits().stream()
                .filter(edit -> edit.key().equals(file.key()))
                .toList();
        return new TextDetail(
                summary(file, inForce, open.size()),
                file.variables().values().stream()
                        .map(variable -> new TextVariable(
                                variable.name(), variable.type().code(), variable.values(), variable.sample("en")))
                        .toList(),
                inForce.stream()
                        .map(one -> wording(file, one, java.util.Objects.requireNonNull(said.get(one.id()))))
                        .toList(),
                open.stream()
                        .map(edit -> edit(
                                file,
                                edit,
                                Optional.ofNullable(edit.replaces())
                                        .map(byId::get)
                                        .map(Stored::parts)
                                        .orElse(null)))
                        .toList(),
                versions.stream()
                        .map(one -> new TextVersion(
                                one.id(),
                                one.channel(),
                                one.locale(),
                                one.version(),
                                one.parts(),
                                one.reviewed(),
                                one.reviewer(),
                                one.origin(),
                                one.recordedAt(),
                                said.containsKey(one.id())))
                        .toList(),
                stored.events(file.key()).stream()
                        .map(event -> new TextEvent(
                                event.channel(),
                                event.locale(),
                                event.kind(),
                                event.version(),
                                event.by(),
                                event.at(),
                                event.reason()))
                        .toList(),
                findings(file, inForce));
    }

    private TextWording wording(TemplateFile file, Stored one, Instant since) {
        boolean differs = one.origin().equals(JdbcTexts.EDIT)
                && file.wording(one.channel(), one.locale())
                        .filter(released -> !released.equals(one.parts()))
                        .isPresent();
        return new TextWording(
                one.channel(),
                one.locale(),
                one.id(),
                one.version(),
                one.parts(),
                one.reviewed(),
                one.reviewer(),
                one.expires(),
                one.origin(),
                differs,
                since,
                preview(file, one.channel(), one.locale(), one.parts(), Map.of()));
    }

    private TextEdit edit(TemplateFile file, Edit edit, @Nullable Map<String, String> replaces) {
        return new TextEdit(
                edit.id(),
                edit.channel(),
                edit.locale(),
                edit.parts(),
                replaces,
                edit.reason(),
                edit.proposedBy(),
                edit.proposedAt(),
                told(texts.linter().findings(file, edit.channel(), edit.locale(), edit.parts())));
    }

    @Override
    @Transactional(readOnly = true)
    public Optional<TextPreview> preview(String key, Draft draft) {
        return Optional.ofNullable(texts.files().get(key))
                .flatMap(file -> Optional.ofNullable(draft.parts())
                        .or(() -> stored.inForce(key, draft.channel(), draft.locale(), draft.locale())
                                .map(version -> stored.version(version).parts()))
                        .map(parts -> preview(
                                file,
                                draft.channel(),
                                draft.locale(),
                                parts,
                                Optional.ofNullable(draft.values()).orElse(Map.of()))));
    }

    private TextPreview preview(
            TemplateFile file, String channel, String locale, Map<String, String> parts, Map<String, String> values) {
        List<Finding> findings = new ArrayList<>(texts.linter().findings(file, channel, locale, parts));
        Map<String, String> rendered = new TreeMap<>();
        boolean readable = findings.stream()
                .noneMatch(one -> one.rule().equals("pattern") || one.rule().equals("variables"));
        if (readable) {
            Text text = Texts.text(file, draft(file, channel, locale, parts));
            Map<String, Object> samples = samples(file, locale, values);
            rendered.putAll(text.renderParts(samples));
            rendered.put(TemplateFile.BODY, text.render(samples));
        }
        String body = rendered.getOrDefault(TemplateFile.BODY, "");
        ChannelAdapter adapter = adapter(channel);
        Integer units = adapter == null || body.isEmpty() ? null : adapter.units(body);
        String encoding = adapter == null || body.isEmpty() ? null : adapter.encoding(body);
        Reading reading = reading(locale, parts, readable);
        boolean english = language(locale).equals("en");
        Prices.PriceList list = prices.on(clock.instant().atZone(ZoneOffset.UTC).toLocalDate());
        BigDecimal price = units == null || !list.content().units().containsKey(channel)
                ? null
                : list.of(Channel.ofCode(channel), units);
        return new TextPreview(
                channel,
                locale,
                rendered,
                body.length(),
                body.length() <= EXEMPTION,
                units,
                encoding,
                IN_UCS_2.equals(encoding) && adapter != null ? costly(adapter, body) : List.of(),
                price,
                price == null ? null : list.content().currency(),
                reading != null && english ? rounded(reading.grade()) : null,
                reading != null && !english ? rounded(reading.perspicuity()) : null,
                reading != null && !english ? reading.band() : null,
                ULocale.forLanguageTag(locale).isRightToLeft(),
                told(findings));
    }

    private static @Nullable Reading reading(String locale, Map<String, String> parts, boolean readable) {
        String body = parts.get(TemplateFile.BODY);
        if (!readable || body == null) {
            return null;
        }
        Reading reading = switch (language(locale)) {
            case "en" -> Reading.english(new Wording(body).usual());
            case "es" -> Reading.spanish(new Wording(body).usual());
            default -> null;
        };
        return reading == null || !reading.enough() ? null : reading;
    }

    private static String language(String locale) {
        return ULocale.forLanguageTag(locale).getLanguage();
    }

    private static double rounded(double value) {
        return Math.round(value * 10) / 10.0;
    }

    private static List<String> costly(ChannelAdapter adapter, String body) {
        return body.codePoints()
                .mapToObj(Character::toString)
                .distinct()
                .filter(letter -> IN_UCS_2.equals(adapter.encoding(letter)))
                .toList();
    }

    private @Nullable ChannelAdapter adapter(String channel) {
        return senders.channels().stream()
                .filter(one -> one.code().equals(channel))
                .findFirst()
                .map(senders::adapter)
                .orElse(null);
    }

    private Stored draft(TemplateFile file, String channel, String locale, Map<String, String> parts) {
        return new Stored(
                TimeOrderedId.next(),
                file.key(),
                channel,
                locale,
                0,
                parts,
                false,
                null,
                null,
                JdbcTexts.EDIT,
                clock.instant());
    }

    private static Map<String, Object> samples(TemplateFile file, String locale, Map<String, String> given) {
        Map<String, Object> samples = new HashMap<>();
        file.variables().forEach((name, variable) -> {
            String value = given.getOrDefault(name, variable.sample(locale));
            samples.put(
                    name,
                    switch (variable.type()) {
                        case DATE_TIME -> moment(value, variable.sample(locale));
                        case NUMBER -> number(value);
                        default -> value;
                    });
        });
        return samples;
    }

    private static LocalDateTime moment(String value, String otherwise) {
        try {
            return LocalDateTime.parse(value);
        } catch (DateTimeParseException e) {
            return value.equals(otherwise) ? LocalDateTime.of(2026, 12, 3, 9, 30) : moment(otherwise, otherwise);
        }
    }

    private static Long number(String value) {
        return Long.valueOf(value.matches("-?\\d{1,15}") ? value : DIGITS);
    }

    @Override
    @Transactional
    public Change propose(String key, Draft draft, String reason, String by) {
        TemplateFile file = texts.files().get(key);
        Map<String, String> parts = draft.parts();
        if (file == null) {
            return new Unknown();
        }
        Optional<NotAllowed> fault = fault(file, draft, parts);
        if (fault.isPresent() || parts == null) {
            return fault.orElseGet(() -> new NotAllowed("parts", "Say the wording.", List.of()));
        }
        UUID replaces = stored.inForce(key, draft.channel(), draft.locale(), draft.locale())
                .orElse(null);
        if (replaces != null && stored.version(replaces).parts().equals(parts)) {
            return new NotAllowed("parts", "This is what is said already.", List.of());
        }
        Instant now = clock.instant();
        UUID id = TimeOrderedId.next();
        boolean first = stored.propose(new Edit(
                id,
                key,
                draft.channel(),
                draft.locale(),
                replaces,
                parts,
                reason,
                "proposed",
                by,
                now,
                null,
                null,
                null,
                null));
        if (!first) {
            return new NotAllowed(
                    "locale",
                    "Another change of this wording waits to be decided. Approve or reject that one first.",
                    List.of());
        }
        stored.event(key, draft.channel(), draft.locale(), "proposed", null, id, by, now, reason);
        audited("template.propose", id, key, draft.channel(), draft.locale());
        return new Done(id);
    }

    private Optional<NotAllowed> fault(TemplateFile file, Draft draft, @Nullable Map<String, String> parts) {
        if (!file.wordings().containsKey(draft.channel())) {
            return Optional.of(new NotAllowed(
                    "channel",
                    "This text has no wording for \"" + draft.channel() + "\". It has "
                            + file.wordings().keySet() + ".",
                    List.of()));
        }
        if (!known(draft.locale())) {
            return Optional.of(new NotAllowed(
                    "locale", "\"" + draft.locale() + "\" is no language. Say it as en, es or zh-Hant.", List.of()));
        }
        if (parts == null
                || !parts.containsKey(TemplateFile.BODY)
                || parts.size() > MOST_PARTS
                || parts.values().stream().anyMatch(part -> part.isBlank() || part.length() > LONGEST)) {
            return Optional.of(new NotAllowed(
                    "parts",
                    "A wording has a part \"text\", at most " + MOST_PARTS + " parts, and none is empty or longer than "
                            + LONGEST + " characters.",
                    List.of()));
        }
        List<TextFinding> refusing = texts.linter().findings(file, draft.channel(), draft.locale(), parts).stream()
                .filter(Finding::refuses)
                .map(StoredTemplates::told)
                .toList();
        return refusing.isEmpty()
                ? Optional.empty()
                : Optional.of(new NotAllowed(
                        "parts", "The wording cannot be published: " + said(refusing.getFirst()), refusing));
    }

    private static String said(TextFinding finding) {
        return (finding.variable() == null ? "it " : "{" + finding.variable() + "} ") + finding.sentence();
    }

    private static boolean known(String locale) {
        ULocale found = ULocale.forLanguageTag(locale);
        return !found.getLanguage().isEmpty() && found.toLanguageTag().equals(locale) && UScript.getCode(found) != null;
    }

    @Override
    @Transactional
    public Change approve(UUID id, String by, @Nullable String remark) {
        Edit edit = stored.edit(id).orElse(null);
        TemplateFile file = edit == null ? null : texts.files().get(edit.key());
        if (edit == null || file == null) {
            return new Unknown();
        }
        if (!edit.state().equals("proposed")) {
            return new NotAllowed("id", "This change was decided already.", List.of());
        }
        if (edit.proposedBy().equals(by)) {
            return new NotAllowed("id", "Somebody else has to approve what you wrote.", List.of());
        }
        Draft draft = new Draft(edit.channel(), edit.locale(), edit.parts(), null);
        Optional<NotAllowed> fault = fault(file, draft, edit.parts());
        if (fault.isPresent()) {
            return fault.get();
        }
        UUID replaced = stored.inForce(edit.key(), edit.channel(), edit.locale(), edit.locale())
                .orElse(null);
        if (!java.util.Objects.equals(replaced, edit.replaces())) {
            return new NotAllowed(
                    "id",
                    "The wording was changed since this was proposed. Reject it and propose it again.",
                    List.of());
        }
        Instant now = clock.instant();
        LocalDate expires =
                replaced == null ? file.expires() : stored.version(replaced).expires();
        UUID version =
                stored.record(file, edit.channel(), edit.locale(), edit.parts(), by, expires, JdbcTexts.EDIT, now);
        stored.decide(id, "approved", by, remark, version, now);
        stored.putInForce(edit.key(), edit.channel(), edit.locale(), version, now);
        stored.event(edit.key(), edit.channel(), edit.locale(), "approved", version, id, by, now, edit.reason());
        audited("template.approve", id, edit.key(), edit.channel(), edit.locale());
        return new Done(version);
    }

    @Override
    @Transactional
    public Change reject(UUID id, String by, String reason) {
        Edit edit = stored.edit(id).orElse(null);
        if (edit == null) {
            return new Unknown();
        }
        Instant now = clock.instant();
        if (!stored.decide(id, "rejected", by, reason, null, now)) {
            return new NotAllowed("id", "This change was decided already.", List.of());
        }
        stored.event(edit.key(), edit.channel(), edit.locale(), "rejected", null, id, by, now, reason);
        audited("template.reject", id, edit.key(), edit.channel(), edit.locale());
        return new Done(id);
    }

    @Override
    @Transactional
    public Change rollBack(String key, UUID id, String reason, String by) {
        TemplateFile file = texts.files().get(key);
        Stored version = stored.versions(key).stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElse(null);
        if (file == null || version == null) {
            return new Unknown();
        }
        UUID said = stored.inForce(key, version.channel(), version.locale(), version.locale())
                .orElse(null);
        if (id.equals(said)) {
            return new NotAllowed("version", "This version is said now.", List.of());
        }
        Optional<NotAllowed> fault =
                fault(file, new Draft(version.channel(), version.locale(), version.parts(), null), version.parts());
        if (fault.isPresent()) {
            return fault.get();
        }
        Instant now = clock.instant();
        stored.putInForce(key, version.channel(), version.locale(), id, now);
        stored.event(key, version.channel(), version.locale(), "rolled_back", id, null, by, now, reason);
        audited("template.roll-back", id, key, version.channel(), version.locale());
        return new Done(id);
    }

    private void audited(String action, UUID id, String key, String channel, String locale) {
        audit.record(Audit.Entry.done(action, "template", id, null)
                .with("key", key)
                .with("channel", channel)
                .with("locale", locale));
    }

    private static List<TextFinding> told(List<Finding> findings) {
        return findings.stream().map(StoredTemplates::told).toList();
    }

    private static TextFinding told(Finding finding) {
        return new TextFinding(
                finding.severity().code(),
                finding.rule(),
                finding.channel(),
                finding.locale(),
                finding.variable(),
                finding.sentence());
    }
}
