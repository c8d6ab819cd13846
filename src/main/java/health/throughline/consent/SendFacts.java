package health.throughline.consent;

import health.throughline.channel.Channel;
import health.throughline.patient.PatientStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that a decision rests on, and nothing else: kept with it as JSON. Ids, codes, zones, counts and instants; never a name, an address
 * or a text.
 *
 * @param ofPurpose when messages of this purpose went to the patient, newest first; those outside the budgets are not among them
 * @param byPhone the same over voice and text together, of whatever purpose
 * @param said the latest statements of every kind by the party or about the address
 */
record SendFacts(
        Instant at,
        UUID party,
        UUID address,
        SendPolicy.Stage stage,
        Channel channel,
        Purpose purpose,
        Urgency urgency,
        boolean solicited,
        int length,
        PatientStatus patient,
        Point point,
        boolean senderRegistered,
        boolean blockedByCarrier,
        Whereabouts whereabouts,
        List<Said> said,
        List<Instant> ofPurpose,
        List<Instant> byPhone) {

    /** Outside the budgets and the quiet hours. */
    boolean exempt() {
        return solicited || urgency == Urgency.URGENT;
    }

    /**
     * How the party is reached at the address.
     *
     * @param status none where the address is not (or no longer) known to be theirs
     * @param confidentialElsewhere the patient named another address as the only one (K8)
     */
    record Point(@Nullable String status, boolean landline, boolean confidentialElsewhere) {}

    /** @param zone where they live; none when nobody knows */
    record Whereabouts(@Nullable String zone, @Nullable String state, Area area) {}

    /**
     * @param purpose {@code *} for all
     * @param byParty by the very party; else about the address, whoever is reached there
     * @param ofAddress about the very address; else about the party wherever they are reached
     */
    record Said(boolean grant, String purpose, String how, boolean byParty, boolean ofAddress, Instant saidAt) {}
}
