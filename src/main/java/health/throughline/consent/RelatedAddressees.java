package health.throughline.consent;

import health.throughline.patient.ContactPoint;
import health.throughline.patient.Parties;
import health.throughline.patient.Parties.Related;
import health.throughline.patient.PatientProfile;
import health.throughline.patient.Patients;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

@Component
class RelatedAddressees implements Addressees {

    private final Parties parties;
    private final Patients patients;
    private final RuleBook rules;

    RelatedAddressees(Parties parties, Patients patients, RuleBook rules) {
        this.parties = parties;
        this.patients = patients;
        this.rules = rules;
    }

    @Override
    public List<Addressee> of(PatientProfile patient, boolean sensitive, Instant now) {
        var self = new Addressee(patient.party(), patient.language(), patient.reachable());
        List<Related> related = parties.relatedTo(patient.id());
        if (related.isEmpty()) {
            return List.of(self);
        }
        Authority authority = Objects.requireNonNull(rules.inForce(now).rules().authority());
        boolean child = isChild(patient, authority, now);
        LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
        List<Addressee> others = related.stream()
                .filter(one -> !one.barred()
                        && one.inForceOn(today)
                        && !one.reachable().isEmpty())
                .filter(one -> child
                        ? authority.knows(one.authority())
                        : authority.whateverTheAge().contains(one.authority()))
                .map(one -> new Addressee(one.party(), one.language(), one.reachable()))
                .toList();
        boolean alone = sensitive || parties.consentedAlone(patient.id());
        List<Addressee> all = new ArrayList<>();
        if (child && !alone) {
            all.addAll(others);
            all.add(self);
        } else {
            all.add(self);
            all.addAll(others);
        }
        return all;
    }

    @Override
    public boolean othersRead(PatientProfile patient, Addressee whom, ContactPoint at, boolean sensitive, Instant now) {
        if (!at.shared()) {
            return false;
        }
        if (sensitive) {
            return true;
        }
        Authority authority = Objects.requireNonNull(rules.inForce(now).rules().authority());
        boolean toThemselves = whom.party().equals(patient.party());
        return toThemselves
                && !isChild(patient, authority, now)
                && patients.reachedAt(at.addressId()).stream()
                        .filter(other -> !other.equals(patient.id()))
                        .flatMap(other -> patients.find(other).stream())
                        .filter(other -> !isChild(other, authority, now))
                        // who is reached there only through somebody else does not read there
                        .anyMatch(other -> other.reachable().stream()
                                .anyMatch(point -> point.addressId().equals(at.addressId())));
    }

    private static boolean isChild(PatientProfile patient, Authority authority, Instant now) {
        LocalDate birth = patient.birthDate();
        ZoneId zone = patient.zone();
        return birth != null
                && now.isBefore(authority.ofAge(birth, patient.state(), zone == null ? ZoneOffset.UTC : zone));
    }
}
