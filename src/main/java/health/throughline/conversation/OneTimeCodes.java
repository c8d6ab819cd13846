package health.throughline.conversation;

import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends a one-time code to an address on file, by text or e-mail, never to one that was typed in. Outside the budgets and the quiet hours
 * (K2), above no revocation and no doubt whose address it is (K9). Joins the caller's transaction.
 */
public interface OneTimeCodes {

    /** The text it is said with; whoever shows messages shows this one without its digits. */
    String TEXT = "one-time-code";

    /**
     * @param id of the code: it is sent once
     * @param behind the message whose link is opened: the code goes where it went while the patient is reached there (K9); none for the best
     *     address on file
     * @return whether it goes
     */
    boolean send(UUID id, PatientId patient, String code, Instant until, @Nullable UUID behind);

    /** Published synchronously when so many codes for the patient were typed in wrong within a day that no more go until it is over. */
    record Guessed(PatientId patient, OrgUnitId orgUnit, int wrong) {}

    /** A message's text as others than its reader may see it. */
    static String shown(@Nullable String template, String text) {
        return TEXT.equals(template) ? text.replaceAll("\\d{6}", "••••••") : text;
    }
}
