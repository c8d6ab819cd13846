package health.throughline.patient;

import health.throughline.channel.Channel;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Whose a number is, as people find it out. Joins the caller's transaction. */
public interface Numbers {

    /**
     * The address row of that value, where there is one; makes none.
     *
     * @throws IllegalArgumentException where the value is no address of the channel; the message names what is wrong, not the value
     */
    Optional<AddressId> find(Channel channel, String value);

    /** As the value is kept and looked up, however it was written; none where it is no address of the channel. */
    Optional<String> normalised(Channel channel, String value);

    /** Everybody whose record has that number for texts or calls; the caller sees those of their own units. */
    List<PatientId> reachedBy(String phone);

    /**
     * Somebody there told us that the number is not the patient's: no text and no call goes there for them any more, whatever a source
     * sends again (K9). The patient and their other numbers stay as they are. Idempotent.
     *
     * @return whether the patient had that number
     */
    boolean wrong(PatientId patient, String phone);

    /**
     * The patient asked to be reached at that address only (K8), a phone number or an e-mail address of theirs; none to be reached at
     * all of theirs again.
     *
     * @return whether the patient has that address
     */
    boolean confidential(PatientId patient, @Nullable String value);

    /** Nobody is reached there any more, as whoever runs the address says: a browser that takes no notices. Idempotent. */
    void ended(PatientId patient, AddressId address);

    /** A person found out that whoever writes from the address is this patient. Kept as an {@code identity_event}. Idempotent. */
    void link(PatientId patient, AddressId address, UUID evidence);
}
