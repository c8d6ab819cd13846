package health.throughline.consent;

import health.throughline.TimeOrderedId;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientId;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Gathers the facts, applies the rules, keeps both. */
@Service
class JdbcSendPolicy implements SendPolicy {

    private final JdbcClient jdbc;
    private final JdbcSendFacts facts;
    private final RuleBook rules;
    private final NumberChecks numbers;

    JdbcSendPolicy(JdbcClient jdbc, JdbcSendFacts facts, RuleBook rules, NumberChecks numbers) {
        this.numbers = numbers;
        this.jdbc = jdbc;
        this.facts = facts;
        this.rules = rules;
    }

    @Override
    @Transactional
    public Decision decide(Proposal proposal, Instant now) {
        RuleBook.Edition edition = rules.inForce(now);
        SendFacts gathered = facts.gather(proposal, now);
        Verdict verdict = ConsentRules.decide(gathered, edition.rules());
        UUID id = TimeOrderedId.next();
        store(id, proposal, gathered, verdict, edition.id());
        if (verdict.reason().equals("K9.unchecked") && gathered.number() != null) {
            numbers.want(proposal.address(), gathered.number().confirmedAt(), now);
        }
        return decision(id, verdict);
    }

    @Override
    @Transactional(readOnly = true)
    public Outlook outlook(Proposal proposal, Instant now) {
        Verdict verdict = ConsentRules.decide(
                facts.gather(proposal, now), rules.inForce(now).rules());
        return new Outlook(
                verdict instanceof Verdict.May,
                verdict instanceof Verdict.Later later ? later.until() : null,
                verdict.reason(),
                verdict.sentence());
    }

    /** As decided, with everything it was decided from. */
    void store(UUID id, Proposal proposal, SendFacts gathered, Verdict verdict, UUID ruleVersion) {
        Instant until = verdict instanceof Verdict.Later later ? later.until() : null;
        PatientId patient = proposal.patient();
        jdbc.sql("""
            insert into send_decision (id, decided_at, message_id, intent, patient_id, stage, outcome, until_at, reason, sentence,
                                       inputs, rule_version)
            values (:id, :at, :message, :intent, :patient, :stage, :outcome, :until, :reason, :sentence,
                    cast(:inputs as jsonb), :rules)\
            """)
                .param("id", id)
                .param("at", gathered.at().atOffset(ZoneOffset.UTC))
                .param("message", proposal.message(), Types.OTHER)
                .param("intent", proposal.intent())
                .param("patient", patient == null ? null : patient.value(), Types.OTHER)
                .param("stage", proposal.stage() == Stage.QUEUE ? "queue" : "send")
                .param("outcome", outcome(verdict))
                .param("until", until == null ? null : until.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("reason", verdict.reason())
                .param("sentence", verdict.sentence())
                .param("inputs", RuleFiles.JSON.writeValueAsString(gathered))
                .param("rules", ruleVersion)
                .update();
    }

    private static String outcome(Verdict verdict) {
        return switch (verdict) {
            case Verdict.May ignored -> "may";
            case Verdict.Later ignored -> "later";
            case Verdict.MayNot ignored -> "may_not";
        };
    }

    @Override
    @Transactional(readOnly = true)
    public Decision recompute(UUID decision) {
        return jdbc.sql("select inputs, rule_version from send_decision where id = :id")
                .param("id", decision)
                .query((row, n) -> {
                    SendFacts stored = RuleFiles.FACTS.readValue(row.getString("inputs"), SendFacts.class);
                    Rules then = rules.recorded(row.getObject("rule_version", UUID.class));
                    return decision(decision, ConsentRules.decide(stored, then));
                })
                .optional()
                .orElseThrow(() -> new IllegalArgumentException("There is no decision " + decision));
    }

    private static Decision decision(UUID id, Verdict verdict) {
        return switch (verdict) {
            case Verdict.May may -> new May(id, may.reason(), may.sentence());
            case Verdict.Later later -> new Later(id, later.until(), later.reason(), later.sentence());
            case Verdict.MayNot mayNot -> new MayNot(id, mayNot.reason(), mayNot.sentence());
        };
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock(AddressId address) {
        JdbcConsentLedger.lock(jdbc, address);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public void lock(Collection<PatientId> patients) {
        JdbcConsentLedger.lockPatients(
                jdbc, patients.stream().map(PatientId::value).toList());
    }
}
