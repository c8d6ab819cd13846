package health.throughline.encryption;

import java.util.UUID;

/**
 * Encrypts fields with the key of the patient (or of the system) they belong to: AES-256-GCM through Tink, the associated data being
 * {@code table|column|row}, so that a ciphertext moved to another row does not open. Joins the caller's transaction; needs one.
 */
public interface Encryption {

    /** Makes and stores a new key for a patient. */
    DataKeyId newPatientKey();

    /** The one key for rows that belong to no single patient (addresses, inbound texts of unknown senders). */
    DataKeyId systemKey();

    byte[] encrypt(DataKeyId key, Field field, String plaintext);

    byte[] encrypt(DataKeyId key, Field field, byte[] plaintext);

    /** Throws {@link KeyDestroyed} where the key was destroyed to erase the patient's data. */
    String decrypt(DataKeyId key, Field field, byte[] ciphertext);

    /** The same, of what is no text. */
    byte[] decryptBytes(DataKeyId key, Field field, byte[] ciphertext);

    /** Erases everything under the key, for good (K21: deletion by destroying the key). */
    void destroy(DataKeyId key);

    /** The place of a field; it is bound into the ciphertext. */
    record Field(String table, String column, UUID row) {}

    /** The patient's data was erased. */
    final class KeyDestroyed extends RuntimeException {
        public KeyDestroyed(DataKeyId key) {
            super("Key " + key + " was destroyed; what it protected is erased");
        }
    }
}
