package health.throughline.patient;

import health.throughline.organization.OrgUnitId;

/** Those a message can be addressed to who are no patients. Needs the product's own rights: their numbers belong to no patient's record. */
public interface Parties {

    /** A member of staff at their work phone; the same again is the same party. */
    PartyId staff(AddressId phone, OrgUnitId unit, String name);

    /** Whoever wrote from an address that no patient has; the same address again is the same party. */
    PartyId unknownSender(AddressId address, OrgUnitId unit);
}
