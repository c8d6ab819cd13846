package health.throughline.conversation;

import health.throughline.conversation.Conversations.SendDecision;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.AddressId;
import health.throughline.patient.PartyId;
import java.time.Instant;
import java.util.Map;

/** Says things to the hospital's own staff, by the same road as to patients: decided, stored, dispatched, settled. */
public interface StaffMessages {

    /** Joins the caller's transaction; idempotent by intent. The text must hold no patient data: {@code values} are codes. */
    SendDecision send(StaffSaying saying);

    record StaffSaying(
            String intent,
            PartyId party,
            AddressId address,
            OrgUnitId orgUnit,
            String template,
            Map<String, Object> values,
            Instant expiresAt) {}
}
