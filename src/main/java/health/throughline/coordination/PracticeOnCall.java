package health.throughline.coordination;

import health.throughline.channel.Channel;
import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.Parties;
import health.throughline.patient.Patients;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Practice has people on call from the first minute: without any, no journey would start. Their phones are simulated ones. */
@Component
@Profile("local")
class PracticeOnCall implements ApplicationRunner {

    private static final String ROOT = "/all/";

    private final Coverage coverage;
    private final Organization organization;
    private final Patients patients;
    private final Parties parties;
    private final TransactionTemplate transaction;

    PracticeOnCall(
            Coverage coverage,
            Organization organization,
            Patients patients,
            Parties parties,
            TransactionTemplate transaction) {
        this.coverage = coverage;
        this.organization = organization;
        this.patients = patients;
        this.parties = parties;
        this.transaction = transaction;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        OrgUnitId root = organization.findByPath(ROOT).orElseThrow().id();
        transaction.executeWithoutResult(status -> {
            Optional<Coverage.Queue> kept = coverage.of(root);
            if (kept.map(Coverage.Queue::onCall).orElse(List.of()).isEmpty()) {
                coverage.save(
                        root,
                        new Coverage.Queue(
                                "Care coordination",
                                kept.map(Coverage.Queue::hours).orElse(null),
                                List.of(),
                                List.of(
                                        onCall(root, "Nora on call (practice)", "+13035550178"),
                                        onCall(root, "Omar on call (practice)", "+13035550179"))));
            }
        });
    }

    private Coverage.OnCall onCall(OrgUnitId unit, String name, String phone) {
        AddressId address = patients.address(Channel.SMS, phone);
        return new Coverage.OnCall(name, parties.staff(address, unit, name).value(), address.value(), null);
    }
}
