package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.InboundMessage.Doubt;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Patients who have nothing but a mail address. */
class EmailScenarioTest extends ScenarioTest {

    private static final HttpClient MAIL_PROGRAM = HttpClient.newHttpClient();

    @Autowired
    private ChannelInbox inbox;

    @Test
    void remindsByMailHearsTheYesAndThanks() throws Exception {
        var ana = clinic.patientWithMailOnly("es", "ana");
        var mailbox = clinic.mailboxOf(ana);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);

        JsonNode reminder = mailbox.hasMail(1);
        assertThat(reminder.path("subject").asString())
                .startsWith("Mercy Valley: su visita del ")
                .doesNotContain("Cardiology");
        assertThat(reminder.path("text").asString())
                .contains(
                        "Hola Ana",
                        "15:30",
                        "East Building, floor 3",
                        "Responda a este correo con SI",
                        "100 Example Avenue")
                .doesNotContain("Cardiology");
        assertThat(reminder.path("html").asString()).contains("lang=\"es\"", "No recibir más correos");
        printed(mailbox, reminder);
        load(link(reminder, "/e/o/"));
        load(link(reminder, "/e/o/"));
        soon().untilAsserted(() -> assertThat(engagements(ana)).containsOnlyOnce("opened"));

        mailbox.answers("sí");
        assertThat(mailbox.hasMail(2).path("text").asString()).contains("Gracias, Ana", "Anotamos que vendrá");
        journeyEnds(ana, "completed", "Confirmed");
        assertThat(answerTo(visit)).isEqualTo("confirmed");
    }

    @Test
    @DisplayName("K9: whose number turned out to be the wrong one is still reached by mail")
    void k9WritesByMailToWhoseNumberIsWrong() {
        var ana = clinic.patient("en");
        var mailbox = clinic.learnsOfAMailAddressOf(ana);
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        ana.phone().hasText(1);
        everythingSettles();
        assertThat(mailbox.mails()).isEmpty();

        ana.phone().writes("wrong number");
        soon().untilAsserted(() -> assertThat(revocations(ana)).isEqualTo(1));
        everythingSettles();
        int texts = ana.phone().texts().size();
        clinic.books(ana, time.inDays(3, 11, 0));
        time.nextDay(10, 0);
        everythingSettles();
        time.nextDay(10, 0);

        soon().untilAsserted(() -> assertThat(mailbox.mails())
                .anySatisfy(mail -> assertThat(mail.path("text").asString()).contains("11:00")));
        assertThat(ana.phone().texts()).as("nothing more to the wrong number").hasSize(texts);
    }

    @Test
    @DisplayName("K19: a GET of the unsubscribe link changes nothing, a POST without sign-in or cookie ends all mail")
    void unsubscribesByPostAndNeverByGet() throws Exception {
        var ana = clinic.patientWithMailOnly("en", "ana");
        var mailbox = clinic.mailboxOf(ana);
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        JsonNode reminder = mailbox.hasMail(1);
        String leave = reminder.path("unsubscribe").asString();

        HttpResponse<String> page = load(leave);
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<form method=\"post\">", "No more e-mail");
        assertThat(load(leave.substring(0, leave.length() - 3) + "aaa").statusCode())
                .isEqualTo(404);
        everythingSettles();
        assertThat(revocations(ana)).isZero();

        assertThat(mailbox.unsubscribes(reminder)).isEqualTo(200);
        assertThat(mailbox.unsubscribes(reminder)).as("pressed twice").isEqualTo(200);
        soon().untilAsserted(() -> assertThat(revocations(ana)).isEqualTo(1));
        everythingSettles();
        assertThat(refusals(ana)).as("K5: of mail, and of nothing else").containsExactly("email-unsubscribe");

        clinic.books(ana, time.inDays(3, 11, 0));
        time.nextDay(10, 0);
        everythingSettles();
        time.nextDay(10, 0);
        everythingSettles();
        assertThat(mailbox.mails()).as("no further mail").hasSize(1);
    }

    @Test
    @DisplayName("K6: the link of an old mail ends mail again after a new agreement")
    void unsubscribesAgainAfterAgreeingAgain() {
        var ana = clinic.patientWithMailOnly("en", "ana");
        var mailbox = clinic.mailboxOf(ana);
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        JsonNode reminder = mailbox.hasMail(1);
        assertThat(mailbox.unsubscribes(reminder)).isEqualTo(200);
        soon().untilAsserted(() -> assertThat(revocations(ana)).isEqualTo(1));

        clinic.coordinator()
                .does(ana, "grants", "{\"words\":\"mail is fine again\",\"channels\":[\"email\"]}")
                .good();
        assertThat(mailbox.unsubscribes(reminder)).isEqualTo(200);
        assertThat(mailbox.unsubscribes(reminder)).as("pressed twice").isEqualTo(200);
        soon().untilAsserted(() -> assertThat(revocations(ana)).isEqualTo(2));
    }

    @Test
    @DisplayName("K19: mail to an address that does not exist comes back, and nothing more goes there")
    void sendsNothingMoreToWhereMailCameBackFrom() {
        var ana = clinic.patientWithMailOnly("en", "gone");
        var mailbox = clinic.mailboxOf(ana);
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        mailbox.hasMail(1);
        soon().untilAsserted(() -> assertThat(states(ana)).contains("undelivered"));

        clinic.books(ana, time.inDays(3, 11, 0));
        time.nextDay(10, 0);
        everythingSettles();
        assertThat(mailbox.mails()).hasSize(1);
    }

    @Test
    @DisplayName(
            "K19: a full mailbox does not suppress the address; an absence note answers nothing, though it says yes")
    void takesNoAbsenceNoteForAnAnswer() {
        var ana = clinic.patientWithMailOnly("en", "away");
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        var full = clinic.patientWithMailOnly("en", "full");
        clinic.books(full, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        clinic.mailboxOf(ana).hasMail(1);
        soon().untilAsserted(() -> assertThat(meanings(ana)).containsExactly("automatic"));
        everythingSettles();
        assertThat(answerTo(visit)).isEqualTo("none");
        assertThat(journeyOf(ana).state()).isEqualTo("active");

        soon().untilAsserted(() -> assertThat(states(full)).contains("undelivered"));
        assertThat(blocks(full)).isZero();
    }

    @Test
    @DisplayName("K3: a mail under the patient's address that nothing proves cancels no visit; a person reads it")
    void letsNoStrangerAnswer() {
        var ana = clinic.patientWithMailOnly("en", "ana");
        var mailbox = clinic.mailboxOf(ana);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        mailbox.hasMail(1);

        mailbox.isWrittenFromByAStranger("cancel");
        soon().untilAsserted(() -> assertThat(reasons(ana)).containsExactly("unproven-sender"));
        everythingSettles();
        assertThat(answerTo(visit)).isEqualTo("none");

        mailbox.answers("yes");
        journeyEnds(ana, "completed", "Confirmed");
    }

    @Test
    @DisplayName("K5: who answers a mail that was passed on ends mail to the address we write to, too")
    void stopsWhereItWritesWhenTheAnswerComesFromElsewhere() {
        var ana = clinic.patientWithMailOnly("en", "ana");
        var mailbox = clinic.mailboxOf(ana);
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        String to = mailbox.answerAddress(mailbox.hasMail(1));

        String elsewhere = "ana-" + java.util.UUID.randomUUID() + "@elsewhere.example";
        mailbox.reachesProduct("From: " + elsewhere + "\r\nTo: " + to + "\r\nSubject: Re: Your visit\r\nMessage-ID: <"
                + elsewhere + ">\r\n\r\nSTOP\r\n");
        soon().untilAsserted(() -> assertThat(revocations(ana)).isEqualTo(1));
    }

    @Test
    @DisplayName("K3, K9: a return address of mine answers, cancels and refuses for nobody else after From")
    void aReturnAddressOfMineProvesNothingAboutOthers() {
        var eve = clinic.patientWithMailOnly("en", "eve");
        var evesMailbox = clinic.mailboxOf(eve);
        var evesVisit = clinic.books(eve, time.inDays(1, 9, 30));
        var ana = clinic.patientWithMailOnly("en", "ana");
        var anasMailbox = clinic.mailboxOf(ana);
        var visit = clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        String evesReturn = evesMailbox.answerAddress(evesMailbox.hasMail(1));
        anasMailbox.hasMail(1);
        evesMailbox.answers("yes");
        journeyEnds(eve, "completed", "Confirmed");

        for (String words : List.of("cancel", "START", "This is the wrong address", "yes")) {
            inTheNameOf(anasMailbox, evesReturn, words);
        }
        inTheNameOf(anasMailbox, evesReturn, "STOP");
        inTheNameOf(anasMailbox, evesMailbox.leaveAddress(evesMailbox.mails().getFirst()), "unsubscribe");
        soon().untilAsserted(() -> assertThat(reasons(ana)).hasSize(6).containsOnly("unproven-sender"));
        everythingSettles();

        assertThat(answerTo(visit)).isEqualTo("none");
        assertThat(answerTo(evesVisit)).isEqualTo("confirmed");
        assertThat(journeyOf(ana).state()).isEqualTo("active");
        assertThat(refusals(ana)).as("mail to that address, and nothing else").containsOnly("email-unproven");
        assertThat(refusals(eve)).as("of the one whose mail it answers").contains("email-keyword");
        assertThat(tasks(ana, "unproven-sender")).as("one for all of them").isEqualTo(1);
        anasMailbox.answers("yes");
        journeyEnds(ana, "completed", "Confirmed");
    }

    @Test
    @DisplayName(
            "K3, K5: a mail to a return address of ours refuses for where that mail went, whoever it names and however many came")
    void refusesForTheOneWhoseMailItAnswers() {
        var doubts = List.of(Doubt.ELSEWHERE, Doubt.ELSEWHERE_IN_DOUBT, Doubt.UNPROVEN_AND_MANY);
        var patients = doubts.stream()
                .map(doubt -> clinic.patientWithMailOnly("en", "ana"))
                .toList();
        patients.forEach(patient -> clinic.books(patient, time.inDays(1, 15, 30)));
        time.laterToday(10, 0);
        for (int i = 0; i < doubts.size(); i++) {
            clinic.mailboxOf(patients.get(i)).hasMail(1);
            String from = "bo-" + java.util.UUID.randomUUID() + "@elsewhere.example";
            inbox.received(new InboundMessage(
                    "test-mail",
                    from,
                    new Address(Channel.EMAIL, from),
                    "care@mail.example",
                    "Please stop sending me messages",
                    "raw",
                    clock.instant(),
                    attemptFor(patients.get(i)),
                    null,
                    false,
                    doubts.get(i)));
        }
        patients.forEach(patient ->
                soon().untilAsserted(() -> assertThat(refusals(patient)).containsExactly("email-wording")));
        everythingSettles();
    }

    private AttemptId attemptFor(Clinic.Patient patient) {
        return inTransaction(() -> new AttemptId(jdbc.sql(
                        "select t.id from attempt t join dispatch d on d.message_id = t.message_id where d.patient_id = ?")
                .param(patient.id())
                .query(java.util.UUID.class)
                .single()));
    }

    /** Somebody has a return address of theirs and writes another's after From. */
    private static void inTheNameOf(Mailbox victim, String to, String words) {
        String id = java.util.UUID.randomUUID() + "@evil.example";
        victim.reachesProduct("From: " + victim.address() + "\r\nTo: " + to
                + "\r\nSubject: Re: Your visit\r\nMessage-ID: <" + id + ">\r\n\r\n" + words + "\r\n");
    }

    private int tasks(Clinic.Patient patient, String reason) {
        return inTransaction(
                () -> jdbc.sql("select count(*) from task where patient_id = ? and reason_code = ? and state = 'open'")
                        .params(patient.id(), reason)
                        .query(Integer.class)
                        .single());
    }

    private List<String> refusals(Clinic.Patient patient) {
        return inTransaction(
                () -> jdbc.sql("""
                        select distinct e.how from consent_event e join contact_point c on c.patient_id = ?
                            and (e.address_id = c.address_id or e.party_id = c.party_id) where e.action = 'revoke'
                        """).param(patient.id()).query(String.class).list());
    }

    @Test
    @DisplayName("K3, R20: a STOP is kept at once behind mails that are written to keep a reader busy")
    void keepsAStopBehindMailsThatKeepAReaderBusy() {
        var ana = clinic.patientWithMailOnly("en", "ana");
        var mailbox = clinic.mailboxOf(ana);
        clinic.books(ana, time.inDays(1, 15, 30));
        time.laterToday(10, 0);
        mailbox.hasMail(1);
        for (String hostile : List.of("-", ".", "\r\n", "@", "from: " + " ".repeat(300), "1", "stop ", "(")) {
            String body = "x\r\n" + hostile.repeat(270_000 / hostile.length()) + "a\r\n";
            mailbox.reachesProduct(
                    "From: eve-" + java.util.UUID.randomUUID() + "@evil.example\r\nTo: care@mail.example\r\n"
                            + "Message-ID: <" + java.util.UUID.randomUUID() + "@evil.example>\r\n\r\n" + body);
        }
        mailbox.answers("STOP");
        soon().untilAsserted(() -> assertThat(revocations(ana)).isEqualTo(1));
        everythingSettles();
    }

    private List<String> reasons(Clinic.Patient patient) {
        return inTransaction(
                () -> jdbc.sql("select reason from inbound_work where patient_id = ? and state = 'with_person'")
                        .param(patient.id())
                        .query(String.class)
                        .list());
    }

    /** What the wording attaches, read back from the file the patient got. */
    private static void printed(Mailbox mailbox, JsonNode mail) throws Exception {
        assertThat(mail.path("files").path(0).path("name").asString()).isEqualTo("que-traer.pdf");
        byte[] file = mailbox.file(mail, 0);
        try (var pdf = Loader.loadPDF(file)) {
            var catalogue = pdf.getDocumentCatalog();
            assertThat(catalogue.getMarkInfo().isMarked()).as("tagged").isTrue();
            assertThat(catalogue.getStructureTreeRoot()).isNotNull();
            assertThat(catalogue.getLanguage()).isEqualTo("es");
            assertThat(pdf.getDocumentInformation().getTitle()).startsWith("Mercy Valley: su visita del ");
            assertThat(new PDFTextStripper().getText(pdf))
                    .contains("Qué traer", "Una identificación con foto", "15:30", "East Building, floor 3", "Garage B")
                    .doesNotContain("Ana", "Sample", "Cardiology");
        }
    }

    private static HttpResponse<String> load(String link) throws Exception {
        return MAIL_PROGRAM.send(
                HttpRequest.newBuilder(URI.create(link)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String link(JsonNode mail, String path) {
        Matcher link = Pattern.compile("\"(http[^\"]+" + path + "[^\"]+)\"")
                .matcher(mail.path("html").asString());
        assertThat(link.find()).isTrue();
        return link.group(1);
    }

    private List<String> engagements(Clinic.Patient patient) {
        return inTransaction(() -> jdbc.sql("select outcome from engagement where patient_id = ?")
                .param(patient.id())
                .query(String.class)
                .list());
    }

    private List<String> meanings(Clinic.Patient patient) {
        return inTransaction(
                () -> jdbc.sql("select meaning from inbound_work where patient_id = ? and meaning is not null")
                        .param(patient.id())
                        .query(String.class)
                        .list());
    }

    private List<String> states(Clinic.Patient patient) {
        return inTransaction(() -> jdbc.sql(
                        "select d.state from dispatch d join message m on m.id = d.message_id where m.patient_id = ?")
                .param(patient.id())
                .query(String.class)
                .list());
    }

    private int revocations(Clinic.Patient patient) {
        return count(patient, "consent_event e", "e.action = 'revoke' and e.address_id = c.address_id");
    }

    private int blocks(Clinic.Patient patient) {
        return count(patient, "carrier_block e", "e.address_id = c.address_id");
    }

    private int count(Clinic.Patient patient, String table, String where) {
        return inTransaction(() -> jdbc.sql(
                        "select count(*) from " + table + " join contact_point c on c.patient_id = ? and " + where)
                .param(patient.id())
                .query(Integer.class)
                .single());
    }
}
