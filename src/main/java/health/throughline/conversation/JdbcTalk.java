package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.channel.CardNumbers;
import health.throughline.channel.Channel;
import health.throughline.consent.Purpose;
import health.throughline.consent.SendPolicy;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Deferred;
import health.throughline.conversation.Conversations.Queued;
import health.throughline.conversation.Conversations.Refused;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.encryption.DataKeyId;
import health.throughline.encryption.Encryption;
import health.throughline.organization.Holds;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional(propagation = Propagation.MANDATORY)
class JdbcTalk implements Talk {

    /** A person's answer is worth reading for that long; later it may be untrue. */
    private static final Duration WORTH_READING = Duration.ofDays(3);

    private static final String NO_WAY = "There is no number that can take a text, and no other way to write to them.";

    private final JdbcClient jdbc;
    private final JdbcConversations conversations;
    private final JdbcMessages messages;
    private final JdbcTakeovers takeovers;
    private final Pauses pauses;
    private final Engagements engagements;
    private final Patients patients;
    private final Ways ways;
    private final TextRules textRules;
    private final SendPolicy policy;
    private final Holds holds;
    private final List<SendGuard> guards;
    private final Organization organization;
    private final Senders senders;
    private final Encryption encryption;
    private final ApplicationEventPublisher events;
    private final ConversationSettings settings;
    private final Clock clock;

    JdbcTalk(
            JdbcClient jdbc,
            JdbcConversations conversations,
            JdbcMessages messages,
            JdbcTakeovers takeovers,
            Pauses pauses,
            Engagements engagements,
            Patients patients,
            Ways ways,
            TextRules textRules,
            SendPolicy policy,
            Holds holds,
            List<SendGuard> guards,
            Organization organization,
            Senders senders,
            Encryption encryption,
            ApplicationEventPublisher events,
            ConversationSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.conversations = conversations;
        this.messages = messages;
        this.takeovers = takeovers;
        this.pauses = pauses;
        this.engagements = engagements;
        this.patients = patients;
        this.ways = ways;
        this.textRules = textRules;
        this.policy = policy;
        this.holds = holds;
        this.guards = guards;
        this.organization = organization;
        this.senders = senders;
        this.encryption = encryption;
        this.events = events;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Foreseen foresee(PatientId id, String text, Purpose purpose) {
        PatientProfile patient = profile(id);
        String body = CardNumbers.mask(text.strip());
        Optional<ContactPoint> way = way(patient);
        if (way.isEmpty()) {
            return new Foreseen("may-not", null, "no-address", NO_WAY, null, body, 0);
        }
        ContactPoint point = way.get();
        Channel channel = point.address().channel();
        Instant now = clock.instant();
        Text spoken = Text.spoken(purpose, channel, language(patient));
        boolean solicited = solicited(point, now);
        String worded = conversations.worded(spoken, body, point, patient, solicited);
        int segments = senders.adapter(channel).units(worded);
        String to = point.address().value();
        Optional<Refused> unfit = textRules.objection(spoken, Map.of(Text.SPOKEN, body));
        if (unfit.isPresent()) {
            return new Foreseen(
                    "may-not", null, unfit.get().reason(), unfit.get().why(), to, worded, segments);
        }
        SendPolicy.Outlook outlook = policy.outlook(
                new SendPolicy.Proposal(
                        "preview",
                        null,
                        SendPolicy.Stage.QUEUE,
                        patient.id(),
                        patient.party(),
                        point.addressId(),
                        channel,
                        Senders.senderId(channel),
                        purpose,
                        spoken.urgency(),
                        solicited,
                        worded.length()),
                now);
        if (!outlook.may() && outlook.until() == null) {
            return new Foreseen("may-not", null, outlook.reason(), outlook.sentence(), to, worded, segments);
        }
        Optional<SendGuard.Objection> objection = objection(patient);
        if (objection.isPresent()) {
            return new Foreseen(
                    "may-not", null, objection.get().reason(), objection.get().sentence(), to, worded, segments);
        }
        Optional<Holds.Placed> hold =
                holds.covering(new Holds.Sending(patient.orgUnit(), null, channel.code(), null)).stream()
                        .findFirst();
        if (hold.isPresent()) {
            return new Foreseen(
                    "not-now", null, "held", hold.get().sentence() + " It waits until then.", to, worded, segments);
        }
        return new Foreseen(
                outlook.may() ? "may" : "not-now",
                outlook.until(),
                outlook.reason(),
                outlook.sentence(),
                to,
                worded,
                segments);
    }

    /** What the guards and the phase of the patient's hospital would say when it goes. */
    private Optional<SendGuard.Objection> objection(PatientProfile patient) {
        OrgUnit hospital = organization.find(patient.orgUnit()).orElse(null);
        if (hospital == null || hospital.phase() == OrgUnit.Phase.OFF || hospital.phase() == OrgUnit.Phase.SHADOW) {
            return Optional.of(new SendGuard.Objection(
                    "phase-off",
                    (hospital == null ? "Its hospital" : hospital.name()) + " is not live: nothing is sent."));
        }
        var about = new SendGuard.About(patient.id().value(), null, null, null, null);
        return guards.stream()
                .map(guard -> guard.objection(about))
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public Outcome say(Words words) {
        PatientProfile patient = profile(words.patient());
        String intent = DirectMessageFailed.BY_A_PERSON + words.author() + ":" + patient.id() + ":" + words.key();
        Optional<Outcome> before = saidBefore(intent, words, patient);
        if (before.isPresent()) {
            return before.get();
        }
        Optional<ContactPoint> way = way(patient);
        if (way.isEmpty()) {
            return new NotSaid("no-address", NO_WAY);
        }
        Instant now = clock.instant();
        var saying = new Saying(
                intent,
                patient.id(),
                patient.orgUnit(),
                null,
                "spoken",
                Map.of(Text.SPOKEN, CardNumbers.mask(words.text())),
                true,
                null,
                null,
                now.plus(WORTH_READING),
                new Author(Author.Kind.PERSON, words.author()),
                null);
        Text text = Text.spoken(words.purpose(), way.get().address().channel(), language(patient));
        var decision = conversations.decide(saying, patient, way.get(), text);
        if (!(decision instanceof Refused)) {
            messages.touch(patient.id(), now);
            changed(patient.id());
        }
        return switch (decision) {
            case Queued queued -> new Going(queued.message().value(), null, queued.why());
            case Deferred deferred -> new Going(deferred.message().value(), deferred.until(), deferred.why());
            case Refused no -> new NotSaid(no.reason(), no.why());
        };
    }

    private Optional<Outcome> saidBefore(String intent, Words words, PatientProfile patient) {
        return messages.ofIntent(intent)
                .flatMap(meant -> messages.find(meant.id().value()))
                .map(said -> {
                    String body = messages.body(said, patients.keyOf(patient.id()));
                    String meant = Text.spoken(words.purpose(), said.channel(), "en")
                            .render(Map.of(Text.SPOKEN, CardNumbers.mask(words.text())));
                    return conversations.isWordingOf(body, meant, patient)
                            ? new Going(said.id(), null, "This was said already; it is not said again.")
                            : new KeyUsed();
                });
    }

    /** By the address the patient wrote from last, while it is still theirs; else by the best that carries a person's words. */
    private Optional<ContactPoint> way(PatientProfile patient) {
        UUID lastFrom = jdbc.sql(
                        "select address_id from inbound_work where patient_id = ? order by received_at desc limit 1")
                .param(patient.id().value())
                .query(UUID.class)
                .optional()
                .orElse(null);
        List<ContactPoint> able = ways.of(patient, Reach.best()).stream()
                .filter(point -> senders.adapter(point.address().channel()).carriesWords())
                .toList();
        return able.stream()
                .filter(point -> point.addressId().value().equals(lastFrom))
                .findFirst()
                .or(() -> able.stream().findFirst());
    }

    private String language(PatientProfile patient) {
        return patient.language() == null ? settings.defaultLanguage() : patient.language();
    }

    private boolean solicited(ContactPoint point, Instant now) {
        return !senders.adapter(point.address().channel()).comesUnasked()
                || conversations.contactedSince(point, now.minus(settings.solicitedWithin()));
    }

    @Override
    public boolean note(UUID id, PatientId patient, String author, String text) {
        DataKeyId key = patients.keyOf(patient);
        Instant now = clock.instant();
        boolean isNew = jdbc.sql("""
            insert into conversation_note (id, patient_id, author, written_at, key_id, body)
            values (?, ?, ?, ?, ?, ?) on conflict do nothing
            """)
                        .params(
                                id,
                                patient.value(),
                                author,
                                utc(now),
                                key.value(),
                                encryption.encrypt(key, noteField(id), CardNumbers.mask(text.strip())))
                        .update()
                == 1;
        if (!isNew) {
            byte[] before = jdbc.sql("select body from conversation_note where id = ?")
                    .param(id)
                    .query(byte[].class)
                    .single();
            return encryption.decrypt(key, noteField(id), before).equals(CardNumbers.mask(text.strip()));
        }
        active(profile(patient), now);
        changed(patient);
        return true;
    }

    private void active(PatientProfile patient, Instant now) {
        messages.conversation(patient.id(), patient.orgUnit(), now);
        messages.touch(patient.id(), now);
    }

    @Override
    public List<Note> notes(PatientId patient, Instant before, int limit) {
        return jdbc.sql("""
            select id, author, written_at, key_id, body from conversation_note
            where patient_id = ? and written_at < ? order by written_at desc, id desc limit ?
            """)
                .params(patient.value(), utc(before), limit)
                .query((row, n) -> {
                    UUID id = row.getObject("id", UUID.class);
                    var key = new DataKeyId(row.getObject("key_id", UUID.class));
                    return new Note(
                            id,
                            row.getString("author"),
                            JdbcMessages.instant(row, "written_at"),
                            encryption.decrypt(key, noteField(id), row.getBytes("body")));
                })
                .list();
    }

    private static Encryption.Field noteField(UUID note) {
        return new Encryption.Field("conversation_note", "body", note);
    }

    @Override
    public Takeover takeOver(PatientId patient, String by) {
        Instant now = clock.instant();
        JdbcTakeovers.Takeover takeover = takeovers.take(patient, by, now);
        if (takeover.by().equals(by)) {
            active(profile(patient), now);
        }
        changed(patient);
        return new Takeover(takeover.by(), takeover.since());
    }

    @Override
    public void giveBack(PatientId patient, String by) {
        if (takeovers.giveBack(patient, by, clock.instant())) {
            pauses.lift(patient, JdbcTakeovers.REASON);
            changed(patient);
        }
    }

    @Override
    public List<PatientId> giveBackForgotten(Instant silentSince, int limit) {
        List<PatientId> forgotten = takeovers.lockForgotten(silentSince, limit);
        forgotten.forEach(patient -> giveBack(patient, "throughline"));
        return forgotten;
    }

    @Override
    public Optional<Takeover> takenOver(PatientId patient) {
        return takeovers.inForce(patient).map(takeover -> new Takeover(takeover.by(), takeover.since()));
    }

    @Override
    public void goOn(PatientId patient, String reason) {
        pauses.lift(patient, reason);
    }

    @Override
    public void called(PatientId patient, String outcome) {
        engagements.called(profile(patient), outcome, clock.instant());
        changed(patient);
    }

    private PatientProfile profile(PatientId id) {
        return patients.find(id).orElseThrow(() -> new IllegalArgumentException("There is no patient " + id));
    }

    private void changed(PatientId patient) {
        events.publishEvent(new ConversationChanged(patient.value()));
    }
}
