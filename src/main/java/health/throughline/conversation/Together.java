package health.throughline.conversation;

import health.throughline.conversation.JdbcDispatch.Row;
import health.throughline.conversation.JdbcMessages.Message;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/**
 * Says what several departments, or several children on one phone, would say at the same hour in one message with a line for each. Every
 * message stays one: with its own row, question, decision and journey; only the attempt is shared. What may not go is left out, and goes
 * or ends by itself.
 */
@Component
class Together {

    private static final int MOST = 6;

    private final JdbcDispatch dispatch;
    private final JdbcTogether together;
    private final JdbcMessages messages;
    private final Texts texts;
    private final TextRules textRules;
    private final Senders senders;
    private final Patients patients;
    private final Organization organization;
    private final Encryption encryption;
    private final ConversationSettings settings;

    Together(
            JdbcDispatch dispatch,
            JdbcTogether together,
            JdbcMessages messages,
            Texts texts,
            TextRules textRules,
            Senders senders,
            Patients patients,
            Organization organization,
            Encryption encryption,
            ConversationSettings settings) {
        this.dispatch = dispatch;
        this.together = together;
        this.messages = messages;
        this.texts = texts;
        this.textRules = textRules;
        this.senders = senders;
        this.patients = patients;
        this.organization = organization;
        this.encryption = encryption;
        this.settings = settings;
    }

    /** Whether that message may go now in a text of that length. */
    interface Check {
        boolean may(Row row, Message message, int length);
    }

    private record Item(Row row, Message message, String line) {}

    /** @param items in the order in which they are told, the carrier among them */
    private record Rendered(Text text, OrgUnit hospital, String body, List<Item> items) {}

    /** One text and what it says. */
    final class Joint {
        private final Row carrier;
        private final Rendered rendered;

        private Joint(Row carrier, Rendered rendered) {
            this.carrier = carrier;
            this.rendered = rendered;
        }

        String body() {
            return rendered.body();
        }

        /** In the order in which they are told. */
        List<Message> messages() {
            return rendered.items().stream().map(Item::message).toList();
        }

        /** When the first of what it says is no longer true. */
        Instant expiresAt() {
            return rendered.items().stream()
                    .map(item -> item.row().expiresAt())
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
        }

        /** The attempt of the carrier is theirs too; everybody's record says so. */
        void saidBy(UUID attempt, Instant now) {
            List<Item> items = rendered.items();
            dispatch.carry(
                    carrier.message(),
                    attempt,
                    items.stream()
                            .map(item -> item.row().message())
                            .filter(message -> !message.equals(carrier.message()))
                            .toList());
            for (int n = 0; n < items.size(); n++) {
                Item item = items.get(n);
                PatientId patient = Objects.requireNonNull(item.message().patient());
                boolean carries = item.row().message().equals(carrier.message());
                together.said(
                        attempt,
                        carrier.message(),
                        item.message(),
                        n + 1,
                        text(rendered, List.of((n + 1) + ") " + item.line())),
                        carries ? rendered.body() : null,
                        key(item.message()),
                        now);
                together.timed(
                        item.row().message(),
                        patient.value(),
                        "together",
                        null,
                        "A6.together",
                        "Said in one message with " + (items.size() == 2 ? "another" : (items.size() - 1) + " others")
                                + " to the same address.",
                        carries ? null : carrier.message(),
                        now);
            }
        }
    }

    /** None where nothing else is to be said there at this hour, or where one text for all would be too long. */
    Optional<Joint> joint(Row row, Message message, Check check, Instant now) {
        String key = row.together();
        if (key == null || !row.automated()) {
            return Optional.empty();
        }
        Optional<Text> text = texts.find(key, message.channel().code(), message.locale());
        Optional<OrgUnit> hospital = hospital(message.orgUnit()).filter(unit -> unit.patientSafeName() != null);
        Optional<String> own = line(message);
        if (text.isEmpty() || hospital.isEmpty() || own.isEmpty()) {
            return Optional.empty();
        }
        List<Item> items = new ArrayList<>();
        for (Row other : together.waitingWith(row, now.plus(settings.apart()), MOST - 1)) {
            Message said = messages.load(other.message(), other.createdAt());
            if (said.locale().equals(message.locale())
                    && hospital(said.orgUnit()).map(OrgUnit::id).equals(hospital.map(OrgUnit::id))
                    && check.may(other, said, 0)) {
                line(said).ifPresent(line -> items.add(new Item(other, said, line)));
            }
        }
        Item carrier = new Item(row, message, own.get());
        while (!items.isEmpty()) {
            Rendered rendered = rendered(text.get(), hospital.get(), carrier, items);
            int length = rendered.body().length();
            if (senders.adapter(message.channel()).units(rendered.body()) > settings.togetherUnits()) {
                // the last due waits for its own turn
                items.removeLast();
            } else if (givesAway(message, rendered.body(), rendered.items())) {
                // the line that tells too much answers for itself; where only the whole tells it, each goes alone,
                // hours apart
                if (!items.removeIf(item -> givesAway(message, item.line(), List.of(item)))) {
                    return Optional.empty();
                }
            } else if (!check.may(row, message, length)) {
                return Optional.empty();
            } else if (!items.removeIf(item -> !check.may(item.row(), item.message(), length))) {
                return Optional.of(new Joint(row, rendered));
            }
        }
        return Optional.empty();
    }

    private Rendered rendered(Text text, OrgUnit hospital, Item carrier, List<Item> others) {
        List<Item> items = new ArrayList<>(others);
        items.add(carrier);
        items.sort(Comparator.comparing(
                        (Item item) -> item.message().questionAbout(), Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(item -> item.message().id()));
        List<String> lines = IntStream.range(0, items.size())
                .mapToObj(n -> (n + 1) + ") " + items.get(n).line())
                .toList();
        Rendered unsaid = new Rendered(text, hospital, "", items);
        return new Rendered(text, hospital, text(unsaid, lines), items);
    }

    /** What was read line by line is read as a whole once more: it has other words around it, and the hospital's name of this day (K12). */
    private boolean givesAway(Message message, String text, List<Item> items) {
        return textRules.givesAway(
                message.channel().code(),
                text,
                Map.of(),
                () -> items.stream()
                        .map(item -> patients.find(
                                Objects.requireNonNull(item.message().patient())))
                        .flatMap(Optional::stream)
                        .map(PatientProfile::givenName)
                        .toList());
    }

    private static String text(Rendered rendered, List<String> lines) {
        return rendered.text()
                .render(Map.of(
                        "provider", Objects.requireNonNull(rendered.hospital().patientSafeName()),
                        "list", lines.stream().collect(Collectors.joining("\n")),
                        "phone", Objects.requireNonNullElse(rendered.hospital().phone(), "")));
    }

    private Optional<String> line(Message message) {
        return Optional.ofNullable(messages.parts(message, key(message)).get(Text.ITEM));
    }

    private Optional<OrgUnit> hospital(OrgUnitId unit) {
        return organization.ancestor(unit, OrgUnit.Kind.HOSPITAL);
    }

    private DataKeyId key(Message message) {
        PatientId patient = message.patient();
        return patient == null ? encryption.systemKey() : patients.keyOf(patient);
    }
}
