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
        String point = facts.point().status();
        if ("wrong_number".equals(point)) {
            return no("K9.wrong-number", "somebody there told us that it is the wrong number");
        }
        if (!"active".equals(point) && !facts.solicited()) {
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

    private Verdict consented() {
        Statements statements = new Statements(facts.said(), facts.purpose());
        Optional<Said> revoked = statements.revocation();
        if (revoked.isPresent()) {
            return no("K3.revoked", sentences.revoked(revoked.get()));
        }
        if (facts.blockedByCarrier() && facts.channel().equals(Channel.EMAIL)) {
            return no("K19.returned", "mail to this address came back: it does not exist any more");
        }
        if (facts.blockedByCarrier()) {
            return no(
                    "K7.carrier-block", "the carrier refuses messages from our number to this one, after a stop word");
        }
        if (facts.purpose() == Purpose.MARKETING) {
            return statements
                    .grant(rules.budgets().writtenWays())
                    .map(grant -> inTime("K1.consent", sentences.granted(grant), ownBudget(), facts.ofPurpose()))
                    .orElseGet(
                            () -> no("K1.no-written-consent", "advertising needs written consent, and there is none"));
        }
        Optional<Said> grant = statements.grant();
        if (grant.isPresent()) {
            return inTime("K1.consent", sentences.granted(grant.get()), ownBudget(), facts.ofPurpose());
        }
        return withoutRecordedConsent();
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

    private Verdict.MayNot no(String reason, String because) {
        return new Verdict.MayNot(reason, sentences.mayNot(because));
    }
}
