package health.throughline.coordination;

import health.throughline.care.Appointment;
import health.throughline.conversation.DirectMessageFailed;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.Organization;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Why a task exists and what to do next, in a coordinator's words. Holds no patient's name: the title is not encrypted. */
@Component
class Reasons {

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("EEEE d MMMM, HH:mm", Locale.ENGLISH);

    private final Organization organization;

    Reasons(Organization organization) {
        this.organization = organization;
    }

    /** @param code from the answer that led to the person */
    static String codeOf(@Nullable String answer, boolean calledBefore) {
        if (calledBefore) {
            return "call-again";
        }
        return switch (answer == null ? "" : answer) {
            case "none" -> "no-answer";
            case "cancel" -> "asks-to-cancel";
            case "move" -> "asks-to-move";
            case "question" -> "asks-a-question";
            case "opt-out" -> "opted-out";
            case "wrong-number" -> "wrong-number";
            case "unreachable" -> "unreachable";
            case "ehr-refused" -> "ehr-refused";
            case "ehr-silent" -> "ehr-silent";
            default -> "unclear-reply";
        };
    }

    String title(String code, int asked, @Nullable Appointment visit, @Nullable String language) {
        String what = switch (code) {
            case "no-answer" -> "No answer to " + count(asked);
            case "asks-to-cancel" -> "Wants to cancel";
            case "asks-to-move" -> "Wants another time";
            case "asks-a-question" -> "Asks a question";
            case "opted-out" -> "Wants no more texts and has not confirmed";
            case "wrong-number" -> "The number belongs to somebody else";
            case "unreachable" -> "Could not be reached";
            case "ehr-refused" -> "The EHR did not take the patient's answer";
            case "ehr-silent" -> "The EHR gives no word on the patient's answer";
            case "call-again" -> "Was not reached by phone; try again";
            default -> "Answered something that needs a person to read";
        };
        return what + about(code, visit) + speaks(language);
    }

    /** @return none where somebody else sees to it that it is said */
    static @Nullable String ofUndelivered(String intent) {
        if (intent.startsWith(DirectMessageFailed.BY_A_PERSON)) {
            return "answer-undelivered";
        }
        if (intent.startsWith(DirectMessageFailed.ASKS_WHICH)) {
            return "which-undelivered";
        }
        return intent.startsWith(DirectMessageFailed.ASKS_ABOUT_THE_VISIT) ? "cancel-unasked" : null;
    }

    static String undelivered(String code, DirectMessageFailed failed) {
        String whom = failed.patient() == null ? "somebody we do not know" : "the patient";
        String by = switch (failed.channel().code()) {
            case "sms" -> " by text";
            case "email" -> " by e-mail";
            case "voice" -> " by phone";
            default -> "";
        };
        String what = switch (code) {
            case "which-undelivered" ->
                wish(failed.intent()) + " one of several visits, and our question" + by + " which one did not reach "
                        + whom;
            case "cancel-unasked" -> "Our question" + by + " whether to cancel the visit did not reach " + whom;
            default -> "What " + failed.author() + " wrote" + by + " did not reach " + whom;
        };
        return what + ": " + failed.sentence();
    }

    private static String wish(String intent) {
        return switch (intent.substring(intent.lastIndexOf(':') + 1)) {
            case "cancel" -> "Wants to cancel";
            case "move" -> "Wants another time for";
            default -> "Says yes to";
        };
    }

    private static String count(int asked) {
        return switch (asked) {
            case 0, 1 -> "the reminder";
            case 2 -> "two reminders";
            case 3 -> "three reminders";
            default -> asked + " reminders";
        };
    }

    private String about(String code, @Nullable Appointment visit) {
        if (visit == null) {
            return "";
        }
        LocalDateTime start = visit.startLocal();
        String when = start == null ? "the visit" : DAY_AND_TIME.format(start);
        String where = organization.find(visit.orgUnit()).map(OrgUnit::name).orElse("");
        return (code.equals("no-answer") ? " for " : ": ") + when + (where.isEmpty() ? "" : ", " + where);
    }

    private static String speaks(@Nullable String language) {
        return language == null || language.startsWith("en")
                ? ""
                : "; reads " + Locale.forLanguageTag(language).getDisplayLanguage(Locale.ENGLISH);
    }

    static String suggestion(String code) {
        return switch (code) {
            case "no-answer", "call-again", "unreachable" -> "Call the patient and ask whether they will come";
            case "asks-to-cancel" -> "Cancel the visit with the clinic, then tell the patient";
            case "asks-to-move" -> "Find another time with the clinic, then call the patient";
            case "asks-a-question", "unclear-reply" -> "Read the reply and answer the patient";
            case "opted-out" -> "Call, if the patient can be called: texts are off";
            case "ehr-refused" -> "Look at the visit in the EHR, then tell the patient how it stands";
            case "ehr-silent" -> "Enter the answer in the EHR by hand, then tell the patient";
            case "wrong-number" -> "Find the right number and correct the record";
            case "red-flag" -> "Read the message and call at once";
            case "parked" -> "Read the message at once: nothing has read it for danger";
            case "unknown-outcome" -> "Call the patient: the text may not have arrived";
            case "answer-undelivered" -> "Read what was written, and say it by phone or another way";
            case "which-undelivered" -> "Call, ask which of the visits was meant, and settle it";
            case "cancel-unasked" -> "Call and ask whether the visit itself should be cancelled";
            case "said-in-vain" -> "Read what was to be said, and tell the patient by phone if they still need it";
            case "stuck" -> "Take over by hand: the journey cannot go on by itself";
            case "privacy" ->
                "Check the disclosures, settle whose record it is, and tell the privacy officer"
                        + " if somebody else got them";
            case "death-retracted" -> "Ask the clinic whether the patient lives; if so, settle the record";
            case "several-open", "which-unclear" -> "Ask which of the visits was meant, and settle each";
            case "picture" -> "Look at what was sent in the inbox, then answer or call the patient";
            case "taken-over" -> "Answer in the inbox, or hand the conversation back";
            case "spending" -> "Raise the budget under Stop and go, or let what is not care wait for next month";
            case "source-silent" -> "Call whoever runs the interface; what waits goes by itself when it speaks again";
            case "opt-out-unvouched" ->
                "Call the number on record and ask whether they refused; record it if they did not";
            case "wrong-number-unvouched" ->
                "Call the number on record and ask whose it is: record consent anew if it is theirs, else correct it";
            case "unproven-sender" -> "Call the patient at a number from the record and ask whether they wrote it";
            case "codes-guessed" ->
                "Call the patient at a number from the record: tell them what they wanted to see if it was they,"
                        + " and the privacy officer if it was not";
            case "opt-in-keyword" -> "Ask what they agree to and record it";
            default -> "Read the message and answer the patient";
        };
    }

    /** Why a message could not go or did not arrive, from the code kept with the task. */
    static String because(String code) {
        return switch (code) {
            case "no-address" -> "There is no number that can take a text.";
            case "no-text-in-language" -> "There is no text in the patient's language: an interpreter is needed.";
            case "K12.phi" ->
                "The text would have named something about health, perhaps in the name of the place:"
                        + " give the place a name for patients that does not tell.";
            case "K8.others-read" ->
                "Somebody else reads where it would have gone, and the text says more than they may know.";
            case "text-expired" -> "The text has expired; its owner has to read it again.";
            case "unreviewed-text" -> "Nobody has reviewed the text in the patient's language yet.";
            case "place-unnamed", "hospital-unnamed" ->
                "The place has no name that may stand in a message: see the data-quality report.";
            case "30003", "30004", "30005", "30006" ->
                "The carrier could not deliver to this phone (code " + code + ").";
            case "busy", "no-answer", "not-heard", "call-failed", "call-canceled" ->
                "Was called, and the call did not reach anybody ("
                        + code.replace("call-", "").replace('-', ' ') + ").";
            case "expired", "too-late" -> "It would have come too late.";
            case "unknown-dropped" -> "The carrier never answered and does not list it.";
            default ->
                code.startsWith("K3") || code.startsWith("K7") || code.equals("21610")
                        ? "The patient refuses texts to this number."
                        : "It could not be sent (" + code.replace('-', ' ') + ").";
        };
    }

    static int priority(String code) {
        return switch (code) {
            case "red-flag" -> 100;
            case "parked" -> 95;
            case "privacy", "source-silent" -> 90;
            case "stuck", "unknown-outcome" -> 80;
            case "death-retracted", "which-undelivered", "cancel-unasked", "answer-undelivered", "said-in-vain" -> 70;
            case "asks-to-cancel", "asks-to-move", "asks-a-question", "unclear-reply", "ehr-refused", "ehr-silent" ->
                70;
            default -> 50;
        };
    }
}
