package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.InboundMessage.Doubt;
import health.throughline.consent.Purpose;
import health.throughline.consent.SendPolicy;
import health.throughline.consent.Urgency;
import health.throughline.encryption.Encryption;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientFeed.Telecom;
import health.throughline.patient.PatientId;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What is said, and kept, when somebody refuses messages, asks for help or writes a card number: K3 to K6, K20. */
class OptOutAnswersTest extends TextingTest {

    @Autowired
    private ChannelInbox inbox;

    @Autowired
    private Encryption encryption;

    @Autowired
    private Talk talk;

    @Autowired
    private JdbcMessages messages;

    @Autowired
    private SendPolicy policy;

    private record Kept(UUID id, String meaning, String state) {}

    @Test
    void k5ConfirmsAnOptOutInFreeWordsOnceAndWithoutPromotion() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        inbound(number, aSid(), "please stop texting me");
        awaitHandled(number, 1);
        await().untilAsserted(() -> assertThat(texts(number)).hasSize(1));
        assertThat(texts(number).getFirst()).isEqualTo("Mercy: You will get no more messages from us at this number.");
        assertThat(how(number)).containsExactly("sms-wording");
        assertThat(decisionOf(number)).isEqualTo("K5.confirmation");
        // the next word of refusal is confirmed too, but nothing else goes
        assertThat(send(patient, "again", null)).isInstanceOf(Conversations.Refused.class);
    }

    @Test
    void k5SaysNothingWhereTheCarrierConfirmsAndConfirmsTheWordsItDoesNotKnow() {
        String stops = aNumber();
        String para = aNumber();
        aPatient(stops);
        aPatient(para);
        inbound(stops, aSid(), "STOP");
        inbound(para, aSid(), "alto");
        awaitHandled(stops, 1);
        awaitHandled(para, 1);
        await().untilAsserted(() -> assertThat(texts(para)).hasSize(1));
        assertThat(texts(stops)).isEmpty();
        assertThat(how(stops)).containsExactly("sms-keyword");
        assertThat(how(para)).containsExactly("sms-keyword");
    }

    @Test
    void k6AnswersHelpToWhoRefusedMessagesWhereTheCarrierDoesNot() {
        String number = aNumber();
        aPatient(number);
        inbound(number, aSid(), "alto");
        await().untilAsserted(() -> assertThat(texts(number)).hasSize(1));
        inbound(number, aSid(), "ayuda");
        awaitHandled(number, 2);
        await().untilAsserted(() -> assertThat(texts(number)).hasSize(2));
        assertThat(texts(number).getLast())
                .startsWith("Mercy: We send messages")
                .contains("STOP to end");
    }

    @ParameterizedTest
    @DisplayName("K6: HELP is answered on every channel on which it can be written, also to who refused messages")
    @CsvSource({
        "email, HELP, We send messages about visits and care.",
        "chat, help, You can write here about your visits and care.",
        "portal, Help!, You can write here about your visits and care.",
        "app, HELP, You can write here about your visits and care."
    })
    void k6HelpIsAnsweredOnEveryChannel(String code, String word, String answer) {
        Channel channel = Channel.ofCode(code);
        String value = switch (code) {
            case "email" -> "help-" + UUID.randomUUID() + "@example.org";
            case "chat" -> UUID.randomUUID().toString();
            default -> "help-" + UUID.randomUUID();
        };
        AddressId address = inTransaction(() -> patients.addressOfSender(channel, value));
        writes(channel, value, "please stop sending me messages");
        await().untilAsserted(() -> assertThat(kept(address)).hasSize(1));
        writes(channel, value, word);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(said(address))
                        .anySatisfy(text -> assertThat(text).startsWith(answer).contains("STOP")));
    }

    private void writes(Channel channel, String from, String text) {
        inbox.received(new InboundMessage(
                "test-" + channel.code(),
                "help-" + UUID.randomUUID(),
                new Address(channel, from),
                "us",
                text,
                text,
                clock.instant()));
    }

    private List<String> said(AddressId address) {
        return inTransaction(() -> jdbc
                .sql("select message_id, message_created_at from dispatch where address_id = ?")
                .param(address.value())
                .query((row, n) ->
                        messages.load(row.getObject(1, UUID.class), JdbcMessages.instant(row, "message_created_at")))
                .list()
                .stream()
                .map(message -> messages.body(message, encryption.systemKey()))
                .toList());
    }

    @Test
    void k3AKeyPressedInACallEndsTextsToThatNumberBeforeTheCallIsOver() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        AddressId voice = inTransaction(() -> patients.address(Channel.VOICE, number));
        inbox.received(new InboundMessage(
                "test-voice",
                "press-" + UUID.randomUUID(),
                new Address(Channel.VOICE, number),
                "+13035550100",
                "9",
                "Digits=9",
                clock.instant(),
                null,
                "opt-out",
                false));
        assertThat(send(patient, "after", null))
                .isInstanceOfSatisfying(
                        Conversations.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("K3.revoked"));
        assertThat(howAt(voice)).containsExactly("voice-key");
    }

    @Test
    void k3WordsByMailEndTextsToo() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        String mail = "pat-" + UUID.randomUUID() + "@example.org";
        inTransaction(() ->
                feed.verified(patient, "staff", new Telecom("email", mail, "home", 1, null, null), clock.instant()));
        mail(mail, "Please stop sending me messages");
        await().untilAsserted(() -> assertThat(send(patient, "after", null))
                .isInstanceOfSatisfying(
                        Conversations.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo("K3.revoked")));
        AddressId from = inTransaction(() -> patients.address(Channel.EMAIL, mail));
        assertThat(howAt(from)).containsExactly("email-wording");
    }

    @ParameterizedTest
    @DisplayName(
            "K3: who refuses messages and writes of danger in one message is told what to do, and then nothing more")
    @CsvSource({
        "sms,   PROVEN,   'Please stop texting me, I have chest pain'",
        "sms,   PROVEN,   'Por favor no me manden más mensajes, tengo dolor de pecho'",
        "email, PROVEN,   'Please stop texting me, I have chest pain'",
        "email, UNPROVEN, 'Por favor no me manden más mensajes, tengo dolor de pecho'",
    })
    void k3ARefusalBesideDangerIsKept(String code, String proof, String words) {
        String number = aNumber();
        PatientId patient = aPatient(number);
        String mail = "pat-" + UUID.randomUUID() + "@example.org";
        inTransaction(() ->
                feed.verified(patient, "staff", new Telecom("email", mail, "home", 1, null, null), clock.instant()));
        boolean byText = code.equals("sms");
        AddressId from = inTransaction(() -> patients.address(Channel.ofCode(code), byText ? number : mail));
        if (byText) {
            inbound(number, aSid(), words);
        } else {
            mail(mail, words, proof.equals("UNPROVEN") ? Doubt.UNPROVEN : null);
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(safetyAnswersAt(from)).containsExactly(true));
        assertThat(count(
                        "select count(*) from task where patient_id = ? and reason_code = 'red-flag' and title like '%refuse%'",
                        patient.value()))
                .isOne();
        var after = new SendPolicy.Proposal(
                "after",
                null,
                SendPolicy.Stage.QUEUE,
                patient,
                inTransaction(() -> patients.partyOf(patient)),
                from,
                Channel.ofCode(code),
                Senders.senderId(Channel.ofCode(code)),
                Purpose.OPERATIONAL,
                Urgency.ROUTINE,
                false,
                100);
        assertThat(inTransaction(() -> policy.outlook(after, clock.instant())).reason())
                .isEqualTo("K3.revoked");
        assertThat(howAt(from)).containsExactly(proof.equals("UNPROVEN") ? "email-unproven" : code + "-wording");
    }

    @ParameterizedTest
    @DisplayName("K3: STOP is a refusal also as the subject over a name, or as all there is below a subject")
    @ValueSource(strings = {"STOP\nAna Texted\nSent from my phone", "Your mails\nStop."})
    void k3AStopInTheSubjectOfAMailIsOne(String words) {
        PatientId patient = aPatient(aNumber());
        AddressId from = mailOf(patient);
        mail(valueOf(from), words);
        await().untilAsserted(() -> assertThat(howAt(from)).containsExactly("email-wording"));
        assertThat(kept(from))
                .singleElement()
                .satisfies(work -> assertThat(work.state()).isEqualTo("handled"));
    }

    @Test
    void k3AStopOverALongMailEndsMessagesAndAPersonReadsTheRest() {
        PatientId patient = aPatient(aNumber());
        AddressId from = mailOf(patient);
        mail(valueOf(from), "Stop\nThe new tablets make me sleep all day long and my daughter worries about that");
        await().untilAsserted(() -> assertThat(howAt(from)).containsExactly("email-wording"));
        await().untilAsserted(() -> assertThat(kept(from))
                .singleElement()
                .satisfies(work -> assertThat(work.state()).isEqualTo("with_person")));
    }

    @ParameterizedTest
    @DisplayName("K3: danger is read at once, also in a subject, far down in a mail, and in one of too many")
    @CsvSource({
        "SUBJECT, 'chest pain since this morning\nplease call me', ''",
        "LONG,    'I want to kill myself',                          ''",
        "FLOOD,   'I have chest pain and nobody calls me back',     MAY_BE_AUTOMATIC",
    })
    void dangerInAMailIsPaged(String kind, String words, @Nullable String doubt) {
        PatientId patient = aPatient(aNumber());
        String text = kind.equals("LONG") ? "The garden is fine. ".repeat(205) + words : words;
        AddressId from = mailOf(patient);
        mail(valueOf(from), text, doubt == null || doubt.isEmpty() ? null : Doubt.valueOf(doubt));
        await().untilAsserted(() -> assertThat(count(
                        "select count(*) from task t where patient_id = ? and reason_code = 'red-flag' and exists"
                                + " (select 1 from task_event e where e.task_id = t.id and e.kind like 'page%')",
                        patient.value()))
                .isOne());
    }

    private AddressId mailOf(PatientId patient) {
        String mail = "pat-" + UUID.randomUUID() + "@example.org";
        return inTransaction(() -> {
            feed.verified(patient, "staff", new Telecom("email", mail, "home", 1, null, null), clock.instant());
            return patients.address(Channel.EMAIL, mail);
        });
    }

    private String valueOf(AddressId address) {
        return inTransaction(() -> patients.address(address).value());
    }

    /** Whether each went. */
    private List<Boolean> safetyAnswersAt(AddressId address) {
        return inTransaction(
                () -> jdbc.sql("""
                        select d.sent_at is not null from dispatch d join message m on m.id = d.message_id
                        where d.address_id = ? and m.intent like 'safety:%'""").param(address.value()).query(Boolean.class).list());
    }

    @Test
    void k3ARefusalInALanguageNoRuleReadsIsHeardAndAQuestionAboutTabletsIsNone() {
        String french = aNumber();
        String asking = aNumber();
        PatientId one = aPatient(french);
        PatientId other = aPatient(asking);
        inbound(french, aSid(), "Arrêtez de m'envoyer des messages svp");
        inbound(asking, aSid(), "should I stop the tablets?");
        awaitHandled(french, 1);
        awaitHandled(asking, 1);
        assertThat(send(one, "after", null)).isInstanceOf(Conversations.Refused.class);
        assertThat(send(other, "after", null)).isNotInstanceOf(Conversations.Refused.class);
        assertThat(how(asking)).isEmpty();
    }

    @Test
    void k4APersonHearsWhenTheQuestionAboutTheVisitDoesNotArriveEither() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        String mail = "gone-" + UUID.randomUUID() + "@patients.example";
        inTransaction(() ->
                feed.verified(patient, "staff", new Telecom("email", mail, "home", 1, null, null), clock.instant()));
        inbound(number, aSid(), "CANCEL");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> count(
                                "select count(*) from task where patient_id = ? and reason_code = 'cancel-unasked'",
                                patient.value())
                        == 1);
    }

    @Test
    void k4ABareCancelByMailIsAboutTheVisitAndNoOptOut() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        String mail = "pat-" + UUID.randomUUID() + "@example.org";
        inTransaction(() ->
                feed.verified(patient, "staff", new Telecom("email", mail, "home", 1, null, null), clock.instant()));
        mail(mail, "Cancel");
        AddressId from = inTransaction(() -> patients.address(Channel.EMAIL, mail));
        await().untilAsserted(() -> assertThat(kept(from))
                .singleElement()
                .satisfies(work -> assertThat(work.meaning()).isEqualTo("cancel")));
        assertThat(howAt(from)).isEmpty();
    }

    @Test
    void k20ACardNumberIsMaskedBeforeItIsKept() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        inbound(number, aSid(), "my card is 4111 1111 1111 1111 thanks");
        awaitHandled(number, 1);
        UUID id = kept(addressOf(number)).getFirst().id();
        assertThat(decrypted(id, "body")).isEqualTo("my card is ****1111 thanks");
        assertThat(decrypted(id, "raw")).doesNotContain("4111").contains("1111+thanks");
        UUID note = UUID.randomUUID();
        inTransaction(() -> talk.note(note, patient, "test", "paid with 5555-5555-5555-4444"));
        assertThat(inTransaction(() -> talk.notes(patient, clock.instant().plusSeconds(5), 10)))
                .singleElement()
                .satisfies(kept -> assertThat(kept.text()).isEqualTo("paid with ****4444"));
    }

    @Test
    void k3AMailNobodyProvesRefusesForItsAddressOnlyAndAnswersNothing() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        String mail = "pat-" + UUID.randomUUID() + "@example.org";
        inTransaction(() ->
                feed.verified(patient, "staff", new Telecom("email", mail, "home", 1, null, null), clock.instant()));
        AddressId from = inTransaction(() -> patients.address(Channel.EMAIL, mail));

        mail(mail, "STOP", Doubt.UNPROVEN);
        assertThat(howAt(from)).as("honoured at once").containsExactly("email-unproven");
        mail(mail, "Please stop sending me messages", Doubt.UNPROVEN);
        await().untilAsserted(() -> assertThat(howAt(from)).containsExactly("email-unproven", "email-unproven"));
        mail(mail, "Cancel", Doubt.UNPROVEN);
        mail(mail, "Yes", Doubt.MAY_BE_AUTOMATIC);
        await().untilAsserted(() -> assertThat(kept(from))
                .hasSize(4)
                .allSatisfy(
                        work -> assertThat(work.state()).as("a person has it").isEqualTo("with_person")));
        assertThat(howAt(addressOf(number))).as("texts go on").isEmpty();

        mail(mail, "STOP", Doubt.MAY_BE_AUTOMATIC);
        assertThat(howAt(from)).contains("email-keyword");
    }

    private void mail(String from, String text) {
        mail(from, text, null);
    }

    private void mail(String from, String text, @Nullable Doubt doubt) {
        inbox.received(new InboundMessage(
                "test-mail",
                "mail-" + UUID.randomUUID(),
                new Address(Channel.EMAIL, from),
                "care@example.org",
                text,
                text,
                clock.instant(),
                null,
                null,
                false,
                doubt));
    }

    private List<String> texts(String number) {
        return requests().getOrDefault(number, List.of()).stream()
                .map(Sent::body)
                .toList();
    }

    private void awaitHandled(String number, int count) {
        AddressId address = addressOf(number);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> kept(address).stream()
                                .filter(work -> !work.state().equals("received"))
                                .count()
                        == count);
    }

    private List<Kept> kept(AddressId address) {
        return inTransaction(() -> jdbc.sql(
                        "select inbound_id, coalesce(meaning, '') as meaning, state from inbound_work where address_id = ?")
                .param(address.value())
                .query((row, n) -> new Kept(row.getObject(1, UUID.class), row.getString(2), row.getString(3)))
                .list());
    }

    private String decrypted(UUID inbound, String column) {
        byte[] sealed = inTransaction(() -> jdbc.sql("select " + column + " from inbound where id = ?")
                .param(inbound)
                .query(byte[].class)
                .single());
        return encryption.decrypt(encryption.systemKey(), new Encryption.Field("inbound", column, inbound), sealed);
    }

    private List<String> how(String number) {
        return howAt(addressOf(number));
    }

    private List<String> howAt(AddressId address) {
        return inTransaction(() -> jdbc.sql(
                        "select how from consent_event where address_id = ? and party_id is null and action = 'revoke'")
                .param(address.value())
                .query(String.class)
                .list());
    }

    private String decisionOf(String number) {
        return inTransaction(() -> jdbc.sql("""
                        select s.reason from send_decision s join dispatch d on d.message_id = s.message_id
                        where d.address_id = ? and s.stage = 'send' order by s.decided_at desc limit 1""")
                .param(addressOf(number).value())
                .query(String.class)
                .single());
    }
}
