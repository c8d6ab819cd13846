package health.throughline.conversation;

import health.throughline.conversation.JdbcMessages.Message;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import health.throughline.patient.PatientId;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How far a department has gone live, asked when an attempt is about to start (F8). */
@Component
class Phases {

    private final Organization organization;
    private final JdbcClient jdbc;

    Phases(Organization organization, JdbcClient jdbc) {
        this.organization = organization;
        this.jdbc = jdbc;
    }

    /** Where the department sends nothing and pretends nothing either: the journey hears that it failed. */
    Optional<SendGuard.Objection> objection(Message message) {
        if (exempt(message)) {
            return Optional.empty();
        }
        OrgUnit unit = unit(message);
        if (unit == null) {
            return Optional.of(new SendGuard.Objection("no-unit", "Its department is not known any more."));
        }
        return unit.phase() == OrgUnit.Phase.OFF
                ? Optional.of(
                        new SendGuard.Objection("phase-off", unit.name() + " is not live: nothing is sent for it."))
                : Optional.empty();
    }

    /** Why it is only noted as if it had gone; none where it really goes. */
    Optional<SendGuard.Objection> pretending(Message message) {
        OrgUnit unit = unit(message);
        PatientId patient = message.patient();
        if (exempt(message) || unit == null || patient == null) {
            return Optional.empty();
        }
        return switch (unit.phase()) {
            case LIVE, OFF -> Optional.empty();
            case SHADOW ->
                Optional.of(new SendGuard.Objection(
                        "phase-shadow", unit.name() + " is in shadow: what would go is recorded, nothing is sent."));
            case ALLOW_LIST ->
                allowed(unit.id().value(), patient.value())
                        ? Optional.empty()
                        : Optional.of(new SendGuard.Objection(
                                "phase-allow-list", unit.name() + " sends to the patients of its allow-list only."));
        };
    }

    /** Staff, and whoever wrote of danger: they are answered whatever their department has come to. */
    private static boolean exempt(Message message) {
        return message.patient() == null || message.answersDanger();
    }

    private @Nullable OrgUnit unit(Message message) {
        return organization.find(message.orgUnit()).orElse(null);
    }

    private boolean allowed(UUID unit, UUID patient) {
        return jdbc.sql("select exists (select 1 from phase_allow_list where org_unit_id = ? and patient_id = ?)")
                .params(unit, patient)
                .query(Boolean.class)
                .single();
    }
}
