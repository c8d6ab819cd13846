package health.throughline.encryption;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Mac;

/** Where the keys that protect all other keys live: a file by default, a key management service behind the same port. */
interface KeyVault {

    /** Wraps data keys. */
    Aead keyEncryption();

    /** Makes look-up hashes. It never rotates without rehashing every looked-up column. */
    Mac hashing();
}
