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
 * @param said the latest statements of every kind by the party, about the address, or about the same number on another channel
 * @param courtesy none but for a confirmation of an opt-out, an answer to HELP or a one-time code
 * @param proxy none where it goes to the patient
 * @param number none for what is no phone, and where nobody looks reassigned numbers up
 * @param office none where it invites no call back, or nobody said when the office is open
 * @param programme none where its journey is no programme with a budget of its own
 * @param sensitive about something only the patient is told of (K13)
 * @param unnamed it does not say who writes (K2)
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
        List<Instant> byPhone,
        @Nullable Courtesy courtesy,
        @Nullable Proxy proxy,
        @Nullable Number number,
        @Nullable Office office,
        @Nullable Programme programme,
        boolean sensitive,
        boolean unnamed) {

    /** Outside the budgets and the quiet hours. */
    boolean exempt() {
        return solicited || urgency == Urgency.URGENT;
    }

    /** Whoever is reached there asked for it from there. A code is asked for on our pages, by whoever it may be. */
    boolean askedForThere() {
        return solicited && courtesy != Courtesy.CARRIES_A_CODE;
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
     * @param sameNumber about another address that is the same number (voice and text)
     * @param channels the channels it names, with commas; {@code *} or none where it names none
     * @param programme the one programme a grant is for; none for all
     * @param underAge said for the patient before they came of age, which they are now
     */
    record Said(
            boolean grant,
            String purpose,
            String how,
            boolean byParty,
            boolean ofAddress,
            Instant saidAt,
            boolean sameNumber,
            @Nullable String channels,
            @Nullable String programme,
            boolean underAge) {

        boolean namesChannels() {
            return channels != null && !channels.equals("*");
        }

        Said asUnderAge() {
            return new Said(grant, purpose, how, byParty, ofAddress, saidAt, sameNumber, channels, programme, true);
        }

        boolean isFor(String channel) {
            return channels == null
                    || !namesChannels()
                    || List.of(channels.split(",")).contains(channel);
        }
    }

    /**
     * Somebody else than the patient, written to about them.
     *
     * @param standings what they are to the patient; empty where nothing is known
     * @param ofAge the patient is; also where nobody knows the age
     * @param minorConsent the patient, a minor, consented alone
     */
    record Proxy(List<Standing> standings, boolean ofAge, boolean minorConsent) {}

    /** @param sinceOfAge began when the patient was of age already: made by a court, not by birth */
    record Standing(String authority, String scope, boolean inForce, boolean barred, boolean sinceOfAge) {}

    /**
     * @param confirmedAt when they were last heard of at the number, or it was last given; once it is known to have changed hands, only when
     *     it was last given
     * @param askedAt when it was last looked up
     * @param answer {@code no}, {@code yes} or {@code no-data}; none while there is no answer
     * @param noDataMay a setting: no data counts like a no
     */
    record Number(
            Instant confirmedAt,
            @Nullable Instant askedAt,
            @Nullable String answer,
            boolean noDataMay) {}

    /**
     * @param open when somebody answers the phone, in order
     * @param latest it goes without waiting for the office where that would be later
     */
    record Office(List<Open> open, @Nullable Instant latest) {}

    record Open(Instant from, Instant to) {}

    /** @param sent when messages of the programme went, newest first; they are in no other budget */
    record Programme(String code, List<Instant> sent) {}
}
