package health.throughline.conversation;

import com.ibm.icu.text.DateFormat;
import com.ibm.icu.util.TimeZone;
import com.ibm.icu.util.ULocale;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.JdbcInbound.Work;
import health.throughline.conversation.JdbcQuestions.Item;
import health.throughline.conversation.JdbcQuestions.Question;
import health.throughline.conversation.ReplyHandler.Handled;
import health.throughline.conversation.ReplyReader.Meaning;
import health.throughline.conversation.ReplyReader.Reading;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * An answer while several visits are asked about at one address: two appointments of a patient, three children on one phone. It counts for
 * what it names, by number or by day and hour; a bare "yes" names nothing, so we ask which, once: at the very address it came from, and
 * never where a visit is among them that is for the patient alone.
 */
@Component
class SeveralOpen {

    private static final int ASK_AT_MOST = 1;

    private final JdbcQuestions questions;
    private final DirectMessages direct;
    private final JdbcMessages messages;
    private final ReplyReader reader;
    private final ReplyHandler handler;
    private final Patients patients;
    private final Organization organization;
    private final ConversationSettings settings;

    SeveralOpen(
            JdbcQuestions questions,
            DirectMessages direct,
            JdbcMessages messages,
            ReplyReader reader,
            ReplyHandler handler,
            Patients patients,
            Organization organization,
            ConversationSettings settings) {
        this.questions = questions;
        this.direct = direct;
        this.messages = messages;
        this.reader = reader;
        this.handler = handler;
        this.patients = patients;
        this.organization = organization;
        this.settings = settings;
    }

    /** What became of the answer; {@code patient} is whose it is. */
    sealed interface Result {
        UUID patient();
    }

    record Settled(UUID patient, Meaning meaning, String because) implements Result {}

    record Asked(UUID patient, Meaning meaning) implements Result {}

    record ForPerson(UUID patient, String reason, String because) implements Result {}

    /** No journey of those meant waits yet: again later. */
    record NotYet(UUID patient) implements Result {}

    Result answer(Work work, Question question, String text, Reading reading, @Nullable Locale language, Instant now) {
        Meaning meaning = reading.meaning();
        boolean change = meaning == Meaning.CANCEL || meaning == Meaning.MOVE;
        Optional<WhichOnes> which = WhichOnes.of(text, change);
        if (which.isPresent()) {
            Meaning wish = change ? meaning : wish(question);
            if (wish == Meaning.UNCLEAR) {
                return new ForPerson(
                        question.latest().patient(),
                        "which-unclear",
                        "Named a visit after one was to be changed: it may be meant for the same, or to be kept.");
            }
            List<Item> meant = meant(question, which.get());
            return meant.isEmpty()
                    ? ask(work, question, wish, now)
                    : settle(work, question, meant, wish, which.get().only() && wish == Meaning.CONFIRM, now);
        }
        if (change || meaning == Meaning.CONFIRM) {
            return question.only()
                    .map(item -> settle(work, question, List.of(item), meaning, false, now))
                    .orElseGet(() -> ask(work, question, meaning, now));
        }
        Named named = namedByDay(question, text, language);
        if (named != null) {
            return settle(work, question, List.of(named.item()), named.meaning(), false, now);
        }
        return new ForPerson(
                question.latest().patient(),
                "several-open",
                "Wrote about one of " + question.items().size() + " visits asked about at this number. "
                        + reading.because());
    }

    private static Meaning wish(Question question) {
        return question.wish() == null
                ? Meaning.CONFIRM
                : Meaning.valueOf(question.wish().toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** None where a number was named that was never told. */
    private static List<Item> meant(Question question, WhichOnes which) {
        if (which.all()) {
            // of the list that was told last; where something was asked after it, of everything
            return question.latest().number() == null
                    ? question.items()
                    : question.items().stream()
                            .filter(item -> item.number() != null)
                            .toList();
        }
        List<Item> meant = question.items().stream()
                .filter(item -> item.number() != null && which.numbers().contains(item.number()))
                .toList();
        return meant.size() == which.numbers().size() ? meant : List.of();
    }

    private record Named(Item item, Meaning meaning) {}

    /** The one visit whose day or hour the words name; none where they would fit two. */
    private @Nullable Named namedByDay(Question question, String text, @Nullable Locale language) {
        List<Named> fitting = new ArrayList<>();
        for (Item item : question.items()) {
            Meaning meaning = reader.read(text, new ReplyReader.Context(item.kind(), language, item.about()))
                    .meaning();
            if (meaning == Meaning.CONFIRM || meaning == Meaning.CANCEL || meaning == Meaning.MOVE) {
                fitting.add(new Named(item, meaning));
            }
        }
        return fitting.size() == 1 ? fitting.getFirst() : null;
    }

    /** @param othersToPerson what was not named is said not to be meant, and a person asks about it */
    private Result settle(
            Work work, Question question, List<Item> meant, Meaning meaning, boolean othersToPerson, Instant now) {
        List<Item> unheard = new ArrayList<>();
        List<Item> early = new ArrayList<>();
        for (Item item : question.items()) {
            if (!meant.contains(item) && !othersToPerson) {
                continue;
            }
            Handled handled = handler.handle(new ReplyHandler.PatientReplied(
                    work.inbound(),
                    item.patient(),
                    item.message(),
                    item.kind(),
                    meant.contains(item) ? meaning : Meaning.UNCLEAR,
                    item.journeyInstance(),
                    item.processInstance()));
            switch (handled) {
                case TAKEN -> questions.close(question, item, "answered", now);
                case NOT_YET -> {
                    if (meant.contains(item)) {
                        early.add(item);
                    }
                }
                case NOBODY_WAITS -> {
                    questions.close(question, item, "nobody-waits", now);
                    unheard.add(item);
                }
            }
        }
        UUID patient = meant.getFirst().patient();
        if (early.size() == meant.size()) {
            return new NotYet(patient);
        }
        // some were taken, so the answer cannot be read once more: a person takes the rest
        early.forEach(item -> questions.close(question, item, "nobody-waits", now));
        unheard.addAll(early);
        // "1" after "cancel: 2" may mean either; after a yes it can only mean one more yes
        questions.answeredWhich(question, meaning == Meaning.CONFIRM ? null : Meaning.UNCLEAR.code());
        return unheard.isEmpty()
                ? new Settled(patient, meaning, "Named which of several visits was meant.")
                : new ForPerson(
                        unheard.getFirst().patient(),
                        "nobody-waits",
                        "Answered about "
                                + (unheard.size() == 1
                                        ? "a visit whose journey does"
                                        : unheard.size() + " visits at this number whose journeys do")
                                + " not wait for an answer now.");
    }

    private Result ask(Work work, Question question, Meaning wish, Instant now) {
        Item latest = question.latest();
        PatientId patient = new PatientId(latest.patient());
        String unnamed =
                "Answered, but not for which of " + question.items().size() + " visits asked about at this number.";
        if (question.items().stream().anyMatch(this::isSensitive)) {
            return new ForPerson(
                    latest.patient(),
                    "which-unclear",
                    unnamed + " We did not list them, because one is for the patient alone.");
        }
        if (question.askedWhich() >= ASK_AT_MOST || !say(work, question, patient, wish, now)) {
            return new ForPerson(latest.patient(), "which-unclear", unnamed);
        }
        questions.askedWhich(question, inOrder(question), wish.code());
        return new Asked(latest.patient(), wish);
    }

    private boolean isSensitive(Item item) {
        return messages.find(item.message())
                .map(JdbcMessages.Message::sensitive)
                .orElse(true);
    }

    private static List<Item> inOrder(Question question) {
        return question.items().stream()
                .sorted(Comparator.comparing(Item::about, Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(Item::id))
                .toList();
    }

    /** @return whether it goes */
    private boolean say(Work work, Question question, PatientId id, Meaning wish, Instant now) {
        PatientProfile patient = patients.find(id).orElse(null);
        JdbcMessages.Message asked = messages.find(question.latest().message()).orElse(null);
        if (patient == null || asked == null) {
            return false;
        }
        OrgUnit hospital = organization
                .ancestor(asked.orgUnit(), OrgUnit.Kind.HOSPITAL)
                .or(() -> organization.find(patient.orgUnit()))
                .orElse(null);
        if (hospital == null || hospital.patientSafeName() == null) {
            return false;
        }
        Instant lifetime = question.items().stream()
                .map(Item::expiresAt)
                .min(Comparator.naturalOrder())
                .orElse(now);
        var decision = direct.send(new DirectMessages.Direct(
                DirectMessageFailed.ASKS_WHICH + work.inbound() + ":" + wish.code(),
                patient.id(),
                whoReadsThere(asked, id, patient),
                new AddressId(work.address()),
                asked.orgUnit(),
                "which-visit",
                List.of(asked.locale()),
                Map.of(
                        "provider", hospital.patientSafeName(),
                        "list", list(question, asked.locale()),
                        "phone", Objects.requireNonNullElse(hospital.phone(), "")),
                now.isBefore(work.saidAt().plus(settings.solicitedWithin())),
                false,
                lifetime));
        return !(decision instanceof Refused);
    }

    /** Whoever was asked there. A patient whose record was merged since is reached as what it was merged into. */
    private PartyId whoReadsThere(JdbcMessages.Message asked, PatientId record, PatientProfile patient) {
        return asked.party().equals(patients.partyOf(record)) ? patient.party() : asked.party();
    }

    private String list(Question question, String language) {
        List<Item> items = inOrder(question);
        ULocale locale = ULocale.forLanguageTag(language);
        boolean severalPeople = items.stream().map(Item::patient).distinct().count() > 1;
        return IntStream.range(0, items.size())
                .mapToObj(n -> (n + 1) + ") " + (severalPeople ? initial(items.get(n)) : "")
                        + when(items.get(n).about(), locale))
                .collect(Collectors.joining("\n"));
    }

    private String initial(Item item) {
        String name = patients.find(new PatientId(item.patient()))
                .map(PatientProfile::givenName)
                .orElse("");
        return name.isEmpty() ? "" : name.substring(0, name.offsetByCodePoints(0, 1)) + "., ";
    }

    private static String when(@Nullable LocalDateTime about, ULocale locale) {
        if (about == null) {
            return "";
        }
        DateFormat format = DateFormat.getInstanceForSkeleton("EEEMMMdjmm", locale);
        format.setTimeZone(TimeZone.GMT_ZONE);
        return format.format(Date.from(about.toInstant(ZoneOffset.UTC)));
    }
}
