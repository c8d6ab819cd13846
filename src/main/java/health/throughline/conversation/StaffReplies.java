package health.throughline.conversation;

import health.throughline.patient.AddressId;
import java.util.Optional;

/** What the hospital's own on-call staff text back. Asked first, before the words are taken for a patient's. */
public interface StaffReplies {

    /** Joins the caller's transaction. @return what it did, in one sentence; none where the words are no answer to a page */
    Optional<String> taken(AddressId from, String text);
}
