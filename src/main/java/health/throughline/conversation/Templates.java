package health.throughline.conversation;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The wordings patients get, for the people who answer for them: what is said, what is wrong with it, who uses it, and how it is changed.
 * A change holds from the next message on, on every node; what is queued keeps the text it was written with.
 */
public interface Templates {

    List<TextSummary> list();

    Optional<TextDetail> find(String key);

    /** What it would look like, whether it is published or not. Empty where there is no text of that key. */
    Optional<TextPreview> preview(String key, Draft draft);

    /** Asks for a wording to be changed, or for a language to be added. In the caller's transaction; told to the audit. */
    Change propose(String key, Draft draft, String reason, String by);

    /** By somebody else than who proposed it: they answer for the wording from then on. */
    Change approve(UUID edit, String by, @Nullable String remark);

    Change reject(UUID edit, String by, String reason);

    /** Says an earlier version again. It was approved when it was published, so one person may. */
    Change rollBack(String key, UUID version, String reason, String by);

    /**
     * @param parts patterns by name, {@code text} the body; none for the wording in force
     * @param values for the variables; samples stand for those that are not given
     */
    record Draft(
            String channel,
            String locale,
            @Nullable Map<String, String> parts,
            @Nullable Map<String, String> values) {}

    /** What became of a wish to change a wording. */
    sealed interface Change {}

    /** @param id of the edit, or of the version that is said now */
    record Done(UUID id) implements Change {}

    /** There is no such text, edit or version. */
    record Unknown() implements Change {}

    /** @param field of the request that is to blame */
    record NotAllowed(String field, String sentence, List<TextFinding> findings) implements Change {}

    /** @param severity {@code broken} and {@code error} keep it from being published, {@code warning} does not */
    record TextFinding(
            String severity,
            String rule,
            String channel,
            String locale,
            @Nullable String variable,
            String sentence) {}

    record TextUse(String kind, String name) {}

    /**
     * @param state {@code ok}, {@code warning}, {@code error}, {@code expires-soon}, {@code expired} or {@code unreviewed}
     * @param expires the day from which it is not said any more
     */
    record TextSummary(
            String key,
            String about,
            String purpose,
            String urgency,
            boolean critical,
            String owner,
            @Nullable String reviewer,
            List<String> channels,
            List<String> locales,
            @Nullable LocalDate expires,
            String state,
            int findings,
            int proposed,
            List<TextUse> usedBy) {}

    /** @param sample what stands for it in previews, in English */
    record TextVariable(String name, String type, List<String> values, String sample) {}

    /**
     * A wording that is said.
     *
     * @param origin {@code file} where it came with a release, {@code edit} where somebody changed it here
     * @param releaseDiffers the release that runs brings another wording, kept back because this one was edited
     */
    record TextWording(
            String channel,
            String locale,
            UUID version,
            int number,
            Map<String, String> parts,
            boolean reviewed,
            @Nullable String reviewer,
            @Nullable LocalDate expires,
            String origin,
            boolean releaseDiffers,
            Instant since,
            TextPreview preview) {}

    record TextVersion(
            UUID id,
            String channel,
            String locale,
            int number,
            Map<String, String> parts,
            boolean reviewed,
            @Nullable String reviewer,
            String origin,
            Instant recordedAt,
            boolean inForce) {}

    record TextEdit(
            UUID id,
            String channel,
            String locale,
            Map<String, String> parts,
            @Nullable Map<String, String> replaces,
            String reason,
            String proposedBy,
            Instant proposedAt,
            List<TextFinding> findings) {}

    record TextEvent(
            String channel,
            String locale,
            String kind,
            @Nullable Integer number,
            String by,
            Instant at,
            @Nullable String reason) {}

    record TextDetail(
            TextSummary summary,
            List<TextVariable> variables,
            List<TextWording> wordings,
            List<TextEdit> proposed,
            List<TextVersion> versions,
            List<TextEvent> history,
            List<TextFinding> findings) {}

    /**
     * @param parts as they would be read
     * @param units how the channel counts it, segments of a text message; none where nothing sends by that channel
     * @param encoding how it is written on the wire, where that decides the price
     * @param costly characters that make every segment shorter
     * @param price of one message, carriers' fees included; none where the price is not known
     * @param grade English: school grade by Flesch and Kincaid
     * @param ease Spanish: 0 to 100 by Szigriszt-Pazos, with its INFLESZ band
     * @param fitsExemption at most 160 characters: what may go without a recorded consent (K2)
     */
    record TextPreview(
            String channel,
            String locale,
            Map<String, String> parts,
            int characters,
            boolean fitsExemption,
            @Nullable Integer units,
            @Nullable String encoding,
            List<String> costly,
            @Nullable BigDecimal price,
            @Nullable String currency,
            @Nullable Double grade,
            @Nullable Double ease,
            @Nullable String band,
            boolean rightToLeft,
            List<TextFinding> findings) {}
}
