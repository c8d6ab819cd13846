package health.throughline.selfservice;

import health.throughline.audit.Actor;
import health.throughline.audit.Audit;
import health.throughline.channel.Address;
import health.throughline.channel.BrowserSubscriptions;
import health.throughline.consent.ConsentLedger;
import health.throughline.patient.AddressId;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.Identities;
import health.throughline.patient.Numbers;
import health.throughline.patient.Parties;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientId;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import health.throughline.selfservice.Phrases.In;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * In which browsers a patient is told that a message waits. To ask for it is to consent to it, there and to nothing else (K1); each browser
 * is an address of theirs like a number is.
 */
@Component
class OwnNotices {

    private static final int MOST_BROWSERS = 5;

    private final Optional<BrowserSubscriptions> browsers;
    private final Patients patients;
    private final Numbers numbers;
    private final ConsentLedger consent;
    private final ProofStanding standing;
    private final Audit audit;
    private final Clock clock;

    OwnNotices(
            Optional<BrowserSubscriptions> browsers,
            Patients patients,
            Numbers numbers,
            ConsentLedger consent,
            ProofStanding standing,
            Audit audit,
            Clock clock) {
        this.browsers = browsers;
        this.patients = patients;
        this.numbers = numbers;
        this.consent = consent;
        this.standing = standing;
        this.audit = audit;
        this.clock = clock;
    }

    /** Whether there are notices at all. */
    boolean offered() {
        return browsers.isPresent();
    }

    /** The part of the page that asks; nothing where there are no notices. Only switching on needs a script. */
    String asked(HttpServletRequest request, In in, PatientProfile patient) {
        if (browsers.isEmpty()) {
            return "";
        }
        Page part = new Page(in, "");
        int told = of(patient).size();
        part.raw("<h2>" + Page.encoded(in.say("notice.title")) + "</h2>\n").says(in.say("notice.about"), "quiet");
        if (told > 0) {
            part.says(in.say("notice.count", Map.of("browsers", told)))
                    .form(request, "/my/notices/off", Page.button("off", "yes", in.say("notice.off"), "quiet"));
        }
        return part.raw("<div id=\"notices\" hidden data-key=\""
                        + Page.encoded(browsers.get().publicKey()) + "\""
                        + said(in, "done")
                        + said(in, "no")
                        + said(in, "cannot")
                        + said(in, "failed")
                        + ">\n")
                .form(request, "/my/notices", Page.button("on", "yes", in.say("notice.on"), ""))
                .raw("</div>\n"
                        + "<p id=\"notices-said\" role=\"status\"></p>\n"
                        + "<script src=\"/pages/notices.js\" defer></script>\n")
                .body();
    }

    private static String said(In in, String how) {
        return " data-" + how + "=\"" + Page.encoded(in.say("notice." + how)) + "\"";
    }

    /**
     * @param words with which they asked for it
     * @throws IllegalArgumentException where it is no browser that may be told
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void on(PatientId id, String endpoint, String key, String secret, String words) {
        Address browser = browsers.orElseThrow().address(endpoint, key, secret);
        AddressId address = patients.address(browser.channel(), browser.value());
        Actor actor = new Actor(Actor.Kind.PATIENT, id.toString());
        actor.run(() -> {
            numbers.link(id, address, address.value());
            consent.grant(
                    patients.partyOf(id),
                    address,
                    null,
                    new ConsentLedger.Statement(
                            "portal",
                            actor.toString(),
                            words,
                            "notices in this browser",
                            "push:" + address.value(),
                            clock.instant()));
            audit.record(Audit.Entry.done("page.notices-on", "patient", id, id.value()));
            return true;
        });
        List<ContactPoint> all = of(patients.find(id).orElseThrow()).stream()
                .filter(point -> !point.addressId().equals(address))
                .sorted(Comparator.comparing(ContactPoint::observedAt).reversed())
                .toList();
        all.stream().skip(MOST_BROWSERS - 1).forEach(point -> numbers.ended(id, point.addressId()));
    }

    /** In none any more. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void off(PatientId id) {
        new Actor(Actor.Kind.PATIENT, id.toString()).run(() -> {
            of(patients.find(id).orElseThrow()).forEach(point -> numbers.ended(id, point.addressId()));
            audit.record(Audit.Entry.done("page.notices-off", "patient", id, id.value()));
            return true;
        });
    }

    @EventListener
    void on(PatientFeed.ContactPointsChanged changed) {
        close(changed.patient());
    }

    @EventListener
    void on(Identities.IdentityChanged changed) {
        close(changed.patient());
    }

    /** Who opened it may have stood for the patient (K8). */
    @EventListener
    void on(Parties.AuthorityChanged changed) {
        standing.close(changed.patient(), clock.instant());
        close(changed.patient());
    }

    /** A browser was added by whoever had shown who they are; it is told nothing more once that does not stand (K8, K9). */
    private void close(PatientId id) {
        standing.browsers(id).forEach((browser, since) -> {
            if (!standing.stands(id, since)) {
                numbers.ended(id, browser);
            }
        });
    }

    private static List<ContactPoint> of(PatientProfile patient) {
        return patient.reachable().stream()
                .filter(point -> point.address().channel().equals(BrowserSubscriptions.PUSH))
                .toList();
    }
}
