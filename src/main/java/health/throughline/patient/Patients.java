package health.throughline.patient;

import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.encryption.DataKeyId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads patients. Row-level security decides what the caller sees; a patient of another hospital is simply not found. */
public interface Patients {

    /** Follows a merge to the surviving record. */
    Optional<PatientProfile> find(PatientId id);

    /** By an identifier that is unique while active, for example a medical record number. */
    Optional<PatientId> findByIdentifier(String system, String value);

    /** Everybody reached at the address by an active contact point: one phone may be shared by many. */
    List<PatientId> reachedAt(AddressId address);

    /** The record itself, even where it was merged into another one. */
    Optional<PatientProfile> findRecord(PatientId id);

    /** The record that stands for this one now: itself, or what it was merged into. */
    PatientId surviving(PatientId id);

    /** The key under which everything about the patient is encrypted. */
    DataKeyId keyOf(PatientId id);

    /** The party through which a patient is addressed. */
    PartyId partyOf(PatientId id);

    /**
     * The address row of that value, made when it is new. Normalises phones to E.164 (default region US) and e-mail to lower case.
     *
     * @throws IllegalArgumentException where the value is no address of the channel; the message names what is wrong, not the value
     */
    AddressId address(Channel channel, String value);

    /** Like {@link #address(Channel, String)}, for who wrote to us: what is no number of ours to call (a short code) is kept as it came. */
    AddressId addressOfSender(Channel channel, String value);

    Address address(AddressId id);

    /**
     * By name prefix, phonetic name or date of birth (YYYY-MM-DD), over keyed tokens; all words must match.
     *
     * @param after the last id of the former page, or none
     * @param limit at most 100
     */
    List<PatientProfile> search(String words, Optional<UUID> after, int limit);
}
