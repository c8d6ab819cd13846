package health.throughline.consent;

import health.throughline.channel.Channel;
import health.throughline.consent.SendFacts.Point;
import health.throughline.consent.SendFacts.Said;
import health.throughline.consent.SendFacts.Whereabouts;
import health.throughline.patient.PatientStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Facts that allow a send, unless a test says otherwise: a consenting patient in Boston with a Boston mobile, on a Thursday at noon. */
final class Facts {

    static final RuleFiles FILES = RuleFiles.read();
    static final Instant NOON = Instant.parse("2026-03-12T16:00:00Z");
    static final Rules RULES = new Rules(
            FILES.inForce(RuleFiles.QUIET_HOURS, NOON).as(QuietHours.class),
            FILES.inForce(RuleFiles.BUDGETS, NOON).as(Budgets.class),
            FILES.inForce(RuleFiles.REVOCATIONS, NOON).as(Revocations.class),
            FILES.inForce(RuleFiles.AUTHORITY, NOON).as(Authority.class),
            FILES.inForce(RuleFiles.REASSIGNED, NOON).as(Reassigned.class));
    static final AreaCodes AREAS = FILES.inForce(RuleFiles.AREA_CODES, NOON).as(AreaCodes.class);

    private static final UUID SOMEBODY = new UUID(1, 1);
    private static final Instant JANUARY = Instant.parse("2026-01-05T15:00:00Z");

    private Instant at = NOON;
    private Channel channel = Channel.SMS;
    private Purpose purpose = Purpose.OPERATIONAL;
    private Urgency urgency = Urgency.ROUTINE;
    private boolean solicited;
    private int length = 140;
    private PatientStatus status = PatientStatus.ACTIVE;
    private Point point = new Point("active", false, false);
    private boolean registered = true;
    private boolean blocked;
    private @Nullable String zone = "America/New_York";
    private @Nullable String state = "MA";
    private Area area = AREAS.of("+16175550123");
    private List<Said> said = new ArrayList<>(List.of(said(true, "*", "intake-form", true, false, JANUARY)));
    private List<Instant> ofPurpose = List.of();
    private List<Instant> byPhone = List.of();
    private @Nullable Courtesy courtesy;
    private SendFacts.@Nullable Proxy proxy;
    private SendFacts.@Nullable Number number;
    private SendFacts.@Nullable Office office;
    private SendFacts.@Nullable Programme programme;
    private boolean sensitive;
    private boolean unnamed;

    static Facts aText() {
        return new Facts();
    }

    Facts at(String instant) {
        return at(Instant.parse(instant));
    }

    Facts at(Instant instant) {
        this.at = instant;
        return this;
    }

    Facts by(Channel other) {
        this.channel = other;
        return this;
    }

    Facts about(Purpose other) {
        this.purpose = other;
        return this;
    }

    Facts urgent() {
        this.urgency = Urgency.URGENT;
        return this;
    }

    Facts asAnAnswer() {
        this.solicited = true;
        return this;
    }

    Facts ofLength(int characters) {
        this.length = characters;
        return this;
    }

    Facts toSomebodyWhoIs(PatientStatus other) {
        this.status = other;
        return this;
    }

    Facts at(Point other) {
        this.point = other;
        return this;
    }

    Facts fromAnUnregisteredSender() {
        this.registered = false;
        return this;
    }

    Facts blockedByTheCarrier() {
        this.blocked = true;
        return this;
    }

    Facts livingIn(@Nullable String zone, @Nullable String state) {
        this.zone = zone;
        this.state = state;
        return this;
    }

    Facts withPhone(String phone) {
        this.area = AREAS.of(phone);
        return this;
    }

    Facts withArea(Area other) {
        this.area = other;
        return this;
    }

    Facts withoutConsent() {
        this.said = new ArrayList<>();
        return this;
    }

    Facts granted(String purpose, String how, boolean ofAddress, String when) {
        said.add(said(true, purpose, how, true, ofAddress, Instant.parse(when)));
        return this;
    }

    Facts revoked(String purpose, boolean byParty, boolean ofAddress, String when) {
        said.add(said(false, purpose, "sms-keyword", byParty, ofAddress, Instant.parse(when)));
        return this;
    }

    /** A statement that names no channel and no programme. */
    static Said said(boolean grant, String purpose, String how, boolean byParty, boolean ofAddress, Instant when) {
        return new Said(grant, purpose, how, byParty, ofAddress, when, false, "*", null, false);
    }

    Facts and(Said statement) {
        said.add(statement);
        return this;
    }

    /** Refused in that way, about the address itself or the same number on another channel. */
    Facts refused(String how, boolean sameNumber, String channels, String when) {
        return and(new Said(false, "*", how, false, true, Instant.parse(when), sameNumber, channels, null, false));
    }

    Facts as(Courtesy other) {
        this.courtesy = other;
        return this;
    }

    Facts toProxy(boolean ofAge, boolean minorConsent, SendFacts.Standing... standings) {
        this.proxy = new SendFacts.Proxy(List.of(standings), ofAge, minorConsent);
        return this;
    }

    Facts aboutWhatIsSensitive() {
        this.sensitive = true;
        return this;
    }

    Facts lastConfirmed(String when, @Nullable String asked, @Nullable String answer) {
        this.number =
                new SendFacts.Number(Instant.parse(when), asked == null ? null : Instant.parse(asked), answer, false);
        return this;
    }

    /** The setting {@code no-data-may} is on. */
    Facts withNoDataLikeANo() {
        SendFacts.Number asked = java.util.Objects.requireNonNull(number);
        this.number = new SendFacts.Number(asked.confirmedAt(), asked.askedAt(), asked.answer(), true);
        return this;
    }

    Facts whileTheOfficeIsOpen(@Nullable String latest, String... fromTo) {
        List<SendFacts.Open> open = new ArrayList<>();
        for (int n = 0; n < fromTo.length; n += 2) {
            open.add(new SendFacts.Open(Instant.parse(fromTo[n]), Instant.parse(fromTo[n + 1])));
        }
        this.office = new SendFacts.Office(open, latest == null ? null : Instant.parse(latest));
        return this;
    }

    Facts ofProgramme(String code, String... sent) {
        this.programme = new SendFacts.Programme(
                code, List.of(sent).stream().map(Instant::parse).toList());
        return this;
    }

    Facts saying(List<Said> statements) {
        this.said = new ArrayList<>(statements);
        return this;
    }

    Facts after(List<Instant> ofPurpose, List<Instant> byPhone) {
        this.ofPurpose = List.copyOf(ofPurpose);
        this.byPhone = List.copyOf(byPhone);
        return this;
    }

    /** Messages of this very purpose, newest first. */
    Facts after(String... sent) {
        List<Instant> instants = List.of(sent).stream().map(Instant::parse).toList();
        return after(instants, instants);
    }

    Facts namingNobody() {
        this.unnamed = true;
        return this;
    }

    SendFacts facts() {
        return new SendFacts(
                at,
                SOMEBODY,
                SOMEBODY,
                SendPolicy.Stage.SEND,
                channel,
                purpose,
                urgency,
                solicited,
                length,
                status,
                point,
                registered,
                blocked,
                new Whereabouts(zone, state, area),
                List.copyOf(said),
                ofPurpose,
                byPhone,
                courtesy,
                proxy,
                number,
                office,
                programme,
                sensitive,
                unnamed);
    }

    Verdict decided() {
        return ConsentRules.decide(facts(), RULES);
    }
}
