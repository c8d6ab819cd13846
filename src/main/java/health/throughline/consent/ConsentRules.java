package health.throughline.consent;

import health.throughline.channel.Channel;
import health.throughline.consent.Budgets.Budget;
import health.throughline.consent.SendFacts.Said;
import health.throughline.patient.PatientStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a message may go. Pure: the same facts under the same rules give the same verdict, in the same words. */
final class ConsentRules {

    /** How it is written down that a number is not the patient's. */
    private static final String WRONG_NUMBER = "wrong-number";

    private final Rules rules;
    private final SendFacts facts;
    private final Sentences sentences;

    private ConsentRules(SendFacts facts, Rules rules) {
        this.rules = rules;
        this.facts = facts;
        this.sentences = new Sentences(facts);
    }

    static Verdict decide(SendFacts facts, Rules rules) {
        ConsentRules it = new ConsentRules(facts, rules);
        Verdict refusal = it.unreachable();
        return refusal != null ? refusal : it.consented();
    }

    /** Reasons against this patient, address or sender, whatever was consented to. */
    private Verdict.@Nullable MayNot unreachable() {
        PatientStatus status = facts.patient();
        if (status != PatientStatus.ACTIVE && status != PatientStatus.TEST) {
            return no("patient." + status.code().replace('_', '-'), sentences.status(status));
        }
        if (facts.point().confidentialElsewhere()) {
            return no(
                    "K8.confidential",
                    "the patient asked to be reached at one confidential address only, and this is another");
        }
        Verdict.MayNot proxy = proxy();
        if (proxy != null) {
            return proxy;
        }
        String point = facts.point().status();
        if ("wrong_number".equals(point)) {
            return wrongNumber();
        }
        if (!"active".equals(point) && !facts.askedForThere()) {
            return no(
                    "K9.not-theirs",
                    point == null
                            ? "this address is not known to be theirs"
                            : "this address has been replaced by another");
        }
        if (facts.channel().equals(Channel.SMS) && facts.point().landline()) {
            return no("channel.landline", "the number is a landline, which takes no texts");
        }
        if (facts.channel().equals(Channel.SMS) && !facts.senderRegistered()) {
            return no("K17.no-campaign", "the sending number has no registered campaign");
        }
        return null;
    }

    /** Of this number and not of the patient, who may be reached at another address (K9). */
    private Verdict.MayNot wrongNumber() {
        return no("K9.wrong-number", "somebody there told us that it is the wrong number");
    }

    private Verdict consented() {
        Statements statements =
                new Statements(facts.said(), facts.purpose(), facts.channel().code(), rules.revocations());
        Optional<Said> revoked = statements.revocation();
        boolean whateverWasRefused = facts.courtesy() != null && facts.courtesy() != Courtesy.CARRIES_A_CODE;
        if (facts.blockedByCarrier() && whateverWasRefused) {
            return carrierBlocks();
        }
        if (facts.courtesy() == Courtesy.CONFIRMS_OPT_OUT) {
            return confirmation(revoked.orElse(null));
        }
        if (facts.courtesy() == Courtesy.ANSWERS_HELP && facts.solicited()) {
            return new Verdict.May("K6.help", sentences.may("help is given to whoever asks for it", List.of()));
        }
        if (revoked.isPresent()) {
            return WRONG_NUMBER.equals(revoked.get().how())
                    ? wrongNumber()
                    : no("K3.revoked", sentences.revoked(revoked.get()));
        }
        if (facts.blockedByCarrier() && facts.channel().equals(Channel.EMAIL)) {
            return no("K19.returned", "mail to this address came back: it does not exist any more");
        }
        if (facts.blockedByCarrier()) {
            return carrierBlocks();
        }
        Verdict number = changedHands();
        if (number != null) {
            return number;
        }
        if (facts.purpose() == Purpose.MARKETING) {
            return statements
                    .grant(rules.budgets().writtenWays())
                    .map(grant -> inTime("K1.consent", sentences.granted(grant), ownBudget(), facts.ofPurpose()))
                    .orElseGet(
                            () -> no("K1.no-written-consent", "advertising needs written consent, and there is none"));
        }
        Verdict ofProgramme = ofProgramme(statements);
        if (ofProgramme != null) {
            return ofProgramme;
        }
        Optional<Said> grant = statements.grant();
        if (grant.isPresent()) {
            return inTime("K1.consent", sentences.granted(grant.get()), ownBudget(), facts.ofPurpose());
        }
        return withoutRecordedConsent();
    }

    private Verdict.MayNot carrierBlocks() {
        return no("K7.carrier-block", "the carrier refuses messages from our number to this one, after a stop word");
    }

    /** One, soon, or none (K5). */
    private Verdict confirmation(@Nullable Said revoked) {
        Revocations table = rules.revocations();
        if (revoked == null || table == null) {
            return no("K5.nothing-to-confirm", "nothing was refused that could be confirmed");
        }
        if (facts.at().isAfter(revoked.saidAt().plus(table.confirmWithin()))) {
            return no("K5.too-late", "a confirmation of a refusal may only come within minutes");
        }
        return new Verdict.May("K5.confirmation", sentences.may("it confirms that messages end, once", List.of()));
    }

    /** Whether somebody else may be told about the patient (K8, K13). */
    private Verdict.@Nullable MayNot proxy() {
        SendFacts.Proxy proxy = facts.proxy();
        Authority authority = rules.authority();
        if (proxy == null || authority == null) {
            return null;
        }
        if (proxy.standings().stream().anyMatch(SendFacts.Standing::barred)) {
            return no("K8.barred", "this person must not be told anything about the patient");
        }
        if (proxy.minorConsent()) {
            return no("K8.minor-consent", "the patient consented alone, and nobody else is told");
        }
        List<SendFacts.Standing> known = proxy.standings().stream()
                .filter(standing -> standing.inForce() && authority.knows(standing.authority()))
                .toList();
        if (known.isEmpty()) {
            return no("K8.no-authority", "this person has no authority to be told about the patient");
        }
        List<SendFacts.Standing> inForce = known.stream()
                .filter(standing -> !proxy.ofAge()
                        || standing.sinceOfAge()
                        || authority.whateverTheAge().contains(standing.authority()))
                .toList();
        if (inForce.isEmpty()) {
            return no("K8.majority", "the patient is of age, and parents and guardians are not told any more");
        }
        if (facts.sensitive()
                && inForce.stream().noneMatch(standing -> standing.scope().equals(authority.sensitiveScope()))) {
            return no("K13.proxy", "it is for the patient alone");
        }
        return null;
    }

    /** A number nobody was heard of at for long may be somebody else's by now (K9). */
    private @Nullable Verdict changedHands() {
        SendFacts.Number number = facts.number();
        Reassigned reassigned = rules.reassigned();
        if (number == null || reassigned == null || facts.askedForThere()) {
            return null;
        }
        if (reassigned.stands(number)) {
            return gone();
        }
        Instant now = facts.at();
        if (now.isBefore(number.confirmedAt().plus(reassigned.confirmedFor()))) {
            return null;
        }
        Instant asked = number.askedAt();
        boolean answered = number.answer() != null
                && asked != null
                && asked.isAfter(number.confirmedAt())
                && now.isBefore(asked.plus(reassigned.answerHolds()));
        if (!answered) {
            return facts.urgency() == Urgency.URGENT
                    ? null
                    : new Verdict.Later(
                            now.plus(reassigned.askAgainAfter()),
                            "K9.unchecked",
                            sentences.later(
                                    now.plus(reassigned.askAgainAfter()),
                                    "it is first asked whether the number has changed hands"));
        }
        if ("yes".equals(number.answer())) {
            return gone();
        }
        if ("no-data".equals(number.answer()) && !number.noDataMay()) {
            return no(
                    "K9.no-data",
                    "nobody knows whether the number has changed hands; ask the patient for their number");
        }
        return null;
    }

    private Verdict.MayNot gone() {
        return no("K9.reassigned", "the number has changed hands since it was last confirmed");
    }

    /** A programme the patient agreed to keeps to its own budget (K2). */
    private @Nullable Verdict ofProgramme(Statements statements) {
        SendFacts.Programme programme = facts.programme();
        if (programme == null) {
            return null;
        }
        Optional<Budget> budget = rules.budgets().ofProgramme(programme.code());
        Optional<Said> agreed = statements.grantOf(programme.code());
        return budget.isEmpty() || agreed.isEmpty()
                ? null
                : inTime("K2.programme", sentences.granted(agreed.get()), budget.get(), programme.sent());
    }

    /** An answer, an emergency, or the healthcare exemption (K2). */
    private Verdict withoutRecordedConsent() {
        Budgets.Exemption exemption = rules.budgets().exemption();
        if (facts.solicited()) {
            return inTime("K1.answer", "it answers what the patient just asked", ownBudget(), facts.ofPurpose());
        }
        if (!exemption.reaches(facts.purpose(), facts.channel())) {
            return no("K1.no-consent", "no consent to " + sentences.purpose() + " is on record");
        }
        if (facts.urgency() == Urgency.URGENT) {
            return inTime("K2.urgent", "it is urgent for the patient's safety", ownBudget(), facts.ofPurpose());
        }
        if (facts.length() > exemption.longest()) {
            return no(
                    "K2.exemption-length",
                    "no consent is on record, and without it a healthcare message may have " + exemption.longest()
                            + " characters; this one has " + facts.length());
        }
        if (facts.unnamed()) {
            return no(
                    "K2.exemption-unnamed",
                    "no consent is on record, and without it a healthcare message names the provider who writes; this one"
                            + " does not");
        }
        return inTime(
                "K2.exemption",
                "no consent on record, healthcare message allowed without",
                exemption.budget(),
                facts.byPhone());
    }

    private Budget ownBudget() {
        return rules.budgets().of(facts.purpose());
    }

    private Verdict inTime(String basis, String because, Budget budget, List<Instant> sent) {
        if (facts.exempt()) {
            return new Verdict.May(basis, sentences.may(because, List.of(sentences.exemption())));
        }
        Instant now = facts.at();
        Instant free = budget.freeFrom(now, sent);
        if (Duration.between(now, free).compareTo(budget.deferAtMost()) > 0) {
            return no("K2.budget", sentences.used(budget, sent) + ", and that is the limit");
        }
        List<QuietHours.Place> places = rules.quietHours().places(facts.whereabouts());
        Optional<Instant> open = rules.quietHours().openFrom(free, places);
        if (open.isEmpty()) {
            return no("K10.no-open-hour", "no hour is open in every place where the patient may be");
        }
        Optional<Instant> office = officeOpens(free, places);
        if (office.isPresent() && office.get().isAfter(open.get())) {
            return new Verdict.Later(
                    office.get(),
                    "K11.office-closed",
                    sentences.later(office.get(), "it asks to call back, and the office is closed until then"));
        }
        if (open.get().equals(now)) {
            String hours = sentences.open(rules.quietHours(), places);
            return new Verdict.May(basis, sentences.may(because, List.of(hours, sentences.used(budget, sent))));
        }
        boolean spent = free.isAfter(now);
        return new Verdict.Later(
                open.get(),
                spent ? "K2.budget" : "K10.quiet-hours",
                sentences.later(
                        open.get(),
                        spent ? sentences.used(budget, sent) : sentences.quiet(rules.quietHours(), places)));
    }

    /** When it is open both there and at the office; none where it cannot or need not wait for that (K11). */
    private Optional<Instant> officeOpens(Instant free, List<QuietHours.Place> places) {
        SendFacts.Office office = facts.office();
        if (office == null) {
            return Optional.empty();
        }
        return office.open().stream()
                .filter(span -> free.isBefore(span.to()))
                .flatMap(span -> rules
                        .quietHours()
                        .openFrom(span.from().isAfter(free) ? span.from() : free, places)
                        .filter(open -> open.isBefore(span.to()))
                        .stream())
                .findFirst()
                .filter(open -> office.latest() == null || !open.isAfter(office.latest()));
    }

    private Verdict.MayNot no(String reason, String because) {
        return new Verdict.MayNot(reason, sentences.mayNot(because));
    }
}
