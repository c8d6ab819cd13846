package health.throughline.conversation;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.Dialogues;
import health.throughline.conversation.JdbcMessages.Message;
import health.throughline.conversation.JdbcQuestions.Item;
import health.throughline.conversation.ReplyReader.Reading;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What calls say: the message as it was rendered when it was meant, and the prompts of {@code texts/voice-prompts.yaml} and
 * {@code texts/voice-caller.yaml} around it. Who calls us hears of a visit only where the number is one patient's alone, and only where
 * the call certainly comes from it: a caller id is easily made up.
 */
@Component
class CallDialogues implements Dialogues {

    private static final String PROMPTS = "voice-prompts";
    private static final String CALLER = "voice-caller";
    private static final String VOICE = Channel.VOICE.code();
    private static final String NONE = "none";
    private static final Duration TRIES_COUNT_FOR = Duration.ofHours(1);
    private static final int MOST_TRIES = 3;

    private final JdbcClient jdbc;
    private final JdbcMessages messages;
    private final JdbcQuestions questions;
    private final Attempts attempts;
    private final Patients patients;
    private final Organization organization;
    private final Coverage coverage;
    private final ReplyReader reader;
    private final Texts texts;
    private final TextInstead textInstead;
    private final Senders senders;
    private final ConversationSettings settings;
    private final Clock clock;

    CallDialogues(
            JdbcClient jdbc,
            JdbcMessages messages,
            JdbcQuestions questions,
            Attempts attempts,
            Patients patients,
            Organization organization,
            Coverage coverage,
            ReplyReader reader,
            Texts texts,
            TextInstead textInstead,
            Senders senders,
            ConversationSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.messages = messages;
        this.questions = questions;
        this.attempts = attempts;
        this.patients = patients;
        this.organization = organization;
        this.coverage = coverage;
        this.reader = reader;
        this.texts = texts;
        this.textInstead = textInstead;
        this.senders = senders;
        this.settings = settings;
        this.clock = clock;
    }

    /** Who speaks, and whether somebody is there now. */
    private record Clinic(@Nullable String name, @Nullable String phone, boolean staffed) {

        @Nullable
        String transferTo() {
            return staffed ? phone : null;
        }
    }

    @Override
    @Transactional
    public Optional<Dialogue> of(AttemptId attempt) {
        Message message = ofAttempt(attempt).orElse(null);
        if (message == null) {
            return Optional.empty();
        }
        boolean asks = questions.ofMessage(message.id(), clock.instant()).isPresent();
        Clinic clinic = withNumber(clinicOf(message));
        Map<String, String> spoken = new HashMap<>();
        spoken.put(message.locale(), messages.body(message, attempts.keyOf(message)));
        messages.parts(message, attempts.keyOf(message)).forEach((name, part) -> {
            if (name.startsWith(Texts.IN_LANGUAGE)) {
                spoken.put(name.substring(Texts.IN_LANGUAGE.length()), part);
            }
        });
        return Optional.of(new Dialogue(
                attempt,
                asks ? message.question() : null,
                wordings(message.locale(), spoken, asks ? "menu-visit" : "menu-none", clinic),
                clinic.transferTo()));
    }

    @Override
    @Transactional
    public Dialogue ofCaller(Address caller, boolean known) {
        List<PatientId> reached = caller.isPhoneNumber() ? reached(caller) : List.of();
        if (!known) {
            return ofUnknown(reached);
        }
        PatientProfile only =
                reached.size() == 1 ? patients.find(reached.getFirst()).orElse(null) : null;
        Item asked = only == null ? null : asked(caller).orElse(null);
        LocalDateTime about = asked == null ? null : asked.about();
        AttemptId attempt = asked == null || about == null ? null : latestAttempt(asked.message());
        Clinic clinic = clinic(reached);
        String kind = asked == null ? null : asked.kind();
        boolean visit = kind != null && attempt != null;
        String part = visit ? "visit" : reached.size() > 1 ? "shared" : "nobody";
        Map<String, String> spoken = toCaller(clinic, about, part);
        String language = only == null || only.language() == null ? settings.defaultLanguage() : only.language();
        return new Dialogue(
                visit ? attempt : null,
                visit ? kind : null,
                wordings(language, spoken, visit ? "menu-visit" : "menu-none", clinic),
                clinic.transferTo());
    }

    /** The same words to everybody; a person is reached as ever, and finds out who it is. */
    private Dialogue ofUnknown(List<PatientId> reached) {
        Clinic said = onlyHospital();
        return new Dialogue(
                null,
                null,
                wordings(settings.defaultLanguage(), toCaller(said, null, NONE), "menu-birth-date", said),
                clinic(reached).transferTo());
    }

    private Map<String, String> toCaller(Clinic clinic, @Nullable LocalDateTime about, String part) {
        Map<String, Object> values = values(clinic);
        values.put("visit", about != null ? about : LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC));
        values.put("staffed", clinic.transferTo() == null ? NONE : "yes");
        Map<String, String> spoken = new HashMap<>();
        for (Text text : texts.inEveryLanguage(CALLER, VOICE)) {
            spoken.put(
                    text.locale(),
                    text.render(values) + " " + text.renderParts(values).getOrDefault(part, ""));
        }
        return spoken;
    }

    @Override
    @Transactional
    public Proof bornOn(Address caller, LocalDate day) {
        if (!caller.isPhoneNumber()) {
            return Proof.WRONG;
        }
        Instant now = clock.instant();
        UUID address = patients.addressOfSender(Channel.VOICE, caller.value()).value();
        int tries = jdbc.sql("""
                        insert into caller_tries (address_id, since, tries) values (:address, :now, 1)
                        on conflict (address_id) do update set
                            tries = case when caller_tries.since <= :hourAgo then 1 else caller_tries.tries + 1 end,
                            since = case when caller_tries.since <= :hourAgo then excluded.since else caller_tries.since end
                        returning tries
                        """)
                .param("address", address)
                .param("now", JdbcMessages.utc(now))
                .param("hourAgo", JdbcMessages.utc(now.minus(TRIES_COUNT_FOR)))
                .query(Integer.class)
                .single();
        if (tries > MOST_TRIES) {
            return Proof.ENOUGH;
        }
        List<PatientId> reached = reached(caller);
        boolean theirs = reached.size() == 1
                && patients.find(reached.getFirst())
                        .map(PatientProfile::birthDate)
                        .filter(day::equals)
                        .isPresent();
        return theirs ? Proof.RIGHT : Proof.WRONG;
    }

    @Override
    @Transactional(readOnly = true)
    public Understood understand(@Nullable AttemptId answers, String words, String locale) {
        Message message = Optional.ofNullable(answers).flatMap(this::ofAttempt).orElse(null);
        Reading reading = reader.read(
                words,
                new ReplyReader.Context(
                        message == null ? null : message.question(),
                        Locale.forLanguageTag(locale),
                        message == null ? null : message.questionAbout()));
        return new Understood(reading.meaning().code(), reading.redFlag());
    }

    @Override
    @Transactional
    public boolean textInstead(@Nullable AttemptId answers, Address caller) {
        if (!caller.isPhoneNumber()) {
            return false;
        }
        Message asked = Optional.ofNullable(answers).flatMap(this::ofAttempt).orElse(null);
        if (asked != null && asked.patient() != null) {
            Clinic clinic = clinicOf(asked);
            return textInstead.about(asked, plain(clinic.name()), plain(clinic.phone()));
        }
        List<PatientId> reached = reached(caller);
        Clinic clinic = onlyHospital();
        return textInstead.toCaller(
                caller.value(),
                reached.size() == 1 ? reached.getFirst() : null,
                plain(clinic.name()),
                plain(clinic.phone()));
    }

    private Optional<Message> ofAttempt(AttemptId attempt) {
        return jdbc.sql("select message_id from attempt where id = ?")
                .param(attempt.value())
                .query(UUID.class)
                .optional()
                .flatMap(messages::find);
    }

    private @Nullable AttemptId latestAttempt(UUID message) {
        return jdbc.sql("select attempt_id from dispatch where message_id = ? and attempt_id is not null")
                .param(message)
                .query(UUID.class)
                .optional()
                .map(AttemptId::new)
                .orElse(null);
    }

    private List<PatientId> reached(Address caller) {
        return Stream.of(Channel.VOICE, Channel.SMS)
                .flatMap(channel -> patients.reachedAt(patients.addressOfSender(channel, caller.value())).stream())
                .distinct()
                .toList();
    }

    /** The one visit that is asked about at the number, by text or by call. */
    private Optional<Item> asked(Address caller) {
        List<Item> open = Stream.of(Channel.VOICE, Channel.SMS)
                .flatMap(channel ->
                        questions
                                .open(
                                        patients.addressOfSender(channel, caller.value())
                                                .value(),
                                        clock.instant())
                                .stream())
                .flatMap(question -> question.items().stream())
                .toList();
        return open.stream().map(Item::about).distinct().count() == 1 ? Optional.of(open.getFirst()) : Optional.empty();
    }

    private List<Wording> wordings(String language, Map<String, String> spoken, String menu, Clinic clinic) {
        String first = spoken.containsKey(language)
                ? language
                : spoken.containsKey(Locale.forLanguageTag(language).getLanguage())
                        ? Locale.forLanguageTag(language).getLanguage()
                        : settings.defaultLanguage();
        List<Wording> wordings = new ArrayList<>();
        Stream.concat(Stream.of(first), spoken.keySet().stream().sorted())
                .distinct()
                .filter(spoken::containsKey)
                .forEach(locale -> wordings.add(
                        new Wording(locale, spoken.getOrDefault(locale, ""), prompts(locale, menu, clinic))));
        return wordings;
    }

    private Map<String, String> prompts(String locale, String menu, Clinic clinic) {
        Map<String, Object> values = values(clinic);
        Map<String, String> prompts = new HashMap<>();
        texts.find(PROMPTS, VOICE, locale).ifPresent(text -> {
            prompts.putAll(text.renderParts(values));
            prompts.put("voicemail", text.render(values));
            prompts.put("menu", prompts.getOrDefault(menu, "") + " " + prompts.getOrDefault("menu-all", ""));
        });
        texts.find(SafetyAnswer.TEXT, VOICE, locale)
                .filter(texts::mayGo)
                .ifPresent(text -> prompts.put(Wording.DANGER, text.render(values)));
        return prompts;
    }

    private static Map<String, Object> values(Clinic clinic) {
        Map<String, Object> values = new HashMap<>();
        values.put("provider", plain(clinic.name()));
        values.put("phone", clinic.phone() == null ? NONE : digitByDigit(clinic.phone()));
        return values;
    }

    /** No call of ours is without a number to call back (K16): where the clinic has none, our own, which is answered. */
    private Clinic withNumber(Clinic clinic) {
        return clinic.phone() != null || !senders.serves(Channel.VOICE)
                ? clinic
                : new Clinic(
                        clinic.name(), dialable(senders.adapter(Channel.VOICE).sender()), false);
    }

    private static String plain(@Nullable String value) {
        return value == null ? NONE : value;
    }

    /** {@code +13035550100} as 3 0 3, 5 5 5, 0 1 0 0. */
    static String digitByDigit(String phone) {
        String national = phone.startsWith("+1") ? phone.substring(2) : phone.replace("+", "");
        var spoken = new StringBuilder();
        for (int n = 0; n < national.length(); n++) {
            spoken.append(n == 0 ? "" : national.length() == 10 && (n == 3 || n == 6) ? ", " : " ")
                    .append(national.charAt(n));
        }
        return spoken.toString();
    }

    /** Of those reached at a number; of a number nobody has, the only hospital there is. */
    private Clinic clinic(List<PatientId> reached) {
        return reached.stream()
                .findFirst()
                .flatMap(patients::find)
                .map(PatientProfile::orgUnit)
                .map(this::clinic)
                .orElseGet(this::onlyHospital);
    }

    /** Of what is for the patient alone, neither a voicemail nor a text in its place names the hospital (K13). */
    private Clinic clinicOf(Message message) {
        Clinic clinic = clinic(message.orgUnit());
        return message.sensitive() ? new Clinic(null, clinic.phone(), clinic.staffed()) : clinic;
    }

    private Clinic clinic(OrgUnitId unit) {
        OrgUnit hospital = organization.ancestor(unit, OrgUnit.Kind.HOSPITAL).orElse(null);
        String own = organization.find(unit).map(OrgUnit::phone).orElse(null);
        String phone = own != null ? own : hospital == null ? null : hospital.phone();
        return new Clinic(hospital == null ? null : hospital.patientSafeName(), dialable(phone), staffed(unit));
    }

    /** Of a number nobody has: the only hospital there is. */
    private Clinic onlyHospital() {
        return organization
                .onlyHospital()
                .map(hospital -> clinic(hospital.id()))
                .orElseGet(() -> new Clinic(null, null, false));
    }

    private boolean staffed(OrgUnitId unit) {
        Instant now = clock.instant();
        return coverage.after(unit, now, Duration.ZERO).equals(now);
    }

    private static @Nullable String dialable(@Nullable String phone) {
        if (phone == null) {
            return null;
        }
        String digits = phone.replaceAll("\\D", "");
        String full = phone.strip().startsWith("+") || digits.length() != 10 ? "+" + digits : "+1" + digits;
        return full.matches("\\+[1-9]\\d{6,14}") ? full : null;
    }
}
