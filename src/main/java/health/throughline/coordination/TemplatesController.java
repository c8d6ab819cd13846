package health.throughline.coordination;

import health.throughline.access.Caller;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.conversation.Templates;
import health.throughline.conversation.Templates.Change;
import health.throughline.conversation.Templates.Done;
import health.throughline.conversation.Templates.Draft;
import health.throughline.conversation.Templates.NotAllowed;
import health.throughline.conversation.Templates.TextDetail;
import health.throughline.conversation.Templates.TextPreview;
import health.throughline.conversation.Templates.TextSummary;
import health.throughline.conversation.Templates.Unknown;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The wordings patients get: read, try out, change by two people, take back. */
@RestController
@RequestMapping("/api/v1/templates")
@Tag(name = "Texts")
class TemplatesController {

    private static final int LONGEST_REASON = 500;
    private static final int LONGEST_VALUE = 500;
    private static final int MOST_VALUES = 50;

    private final Templates templates;

    TemplatesController(Templates templates) {
        this.templates = templates;
    }

    @Schema(name = "TextList")
    record TextList(List<TextSummary> items) {}

    @Schema(name = "TextDraft")
    record TextDraft(
            @Nullable String channel,
            @Nullable String locale,

            @Schema(description = "Message patterns (ICU) by part; text is the body. Left out: the wording in force")
            @Nullable
            Map<String, String> parts,

            @Schema(description = "What the variables stand for; samples for those left out") @Nullable
            Map<String, String> values) {}

    @Schema(name = "NewTextEdit")
    record NewEdit(
            @Nullable String channel,
            @Nullable String locale,
            @Nullable Map<String, String> parts,
            @Nullable String reason) {}

    @Schema(name = "TextRollBack")
    record RollBack(@Nullable UUID version, @Nullable String reason) {}

    @Schema(name = "TextDecision")
    record Decision(@Nullable String reason) {}

    @Schema(name = "TextChanged")
    record Changed(UUID id) {}

    @GetMapping
    @Operation(summary = "All texts, with what is wrong with them and who uses them")
    TextList texts() {
        return new TextList(templates.list());
    }

    @GetMapping("/{key}")
    @Operation(summary = "One text: what is said by channel and language, its versions and changes")
    TextDetail text(@PathVariable String key) {
        return templates.find(key).orElseThrow(() -> new NotFound("text", key));
    }

    @PostMapping("/{key}/preview")
    @Operation(summary = "How a wording would look, what it would cost, how it reads and what is wrong with it")
    TextPreview previewText(@PathVariable String key, @RequestBody TextDraft wanted) {
        Map<String, String> values = wanted.values();
        if (values != null
                && (values.size() > MOST_VALUES
                        || values.values().stream()
                                .anyMatch(value -> value == null || value.length() > LONGEST_VALUE))) {
            throw new Invalid(
                    "values", "Give at most " + MOST_VALUES + " values of at most " + LONGEST_VALUE + " characters.");
        }
        Draft draft =
                new Draft(given("channel", wanted.channel()), given("locale", wanted.locale()), wanted.parts(), values);
        return templates.preview(key, draft).orElseThrow(() -> new NotFound("wording", key));
    }

    @PostMapping("/{key}/edits")
    @ResponseStatus(HttpStatus.CREATED)
    @Operation(
            summary = "Propose another wording, or one in a language that is missing",
            description = "Nothing changes until somebody else approves it.")
    Changed proposeText(@PathVariable String key, @RequestBody NewEdit wanted, @AuthenticationPrincipal Caller caller) {
        Draft draft =
                new Draft(given("channel", wanted.channel()), given("locale", wanted.locale()), wanted.parts(), null);
        return changed(key, templates.propose(key, draft, reason(wanted.reason()), caller.getName()));
    }

    @PostMapping("/edits/{id}/approve")
    @Operation(
            summary = "Approve somebody else's wording: it is said from the next message on",
            description = "What is queued keeps the text it was written with.")
    Changed approveText(
            @PathVariable UUID id,
            @RequestBody(required = false) @Nullable Decision decision,
            @AuthenticationPrincipal Caller caller) {
        String remark = decision == null || decision.reason() == null ? null : reason(decision.reason());
        return changed(id, templates.approve(id, caller.getName(), remark));
    }

    @PostMapping("/edits/{id}/reject")
    @Operation(summary = "Turn a proposed wording down, or take one's own back")
    Changed rejectText(@PathVariable UUID id, @RequestBody Decision decision, @AuthenticationPrincipal Caller caller) {
        return changed(id, templates.reject(id, caller.getName(), reason(decision.reason())));
    }

    @PostMapping("/{key}/roll-back")
    @Operation(summary = "Say an earlier version again, from the next message on")
    Changed rollBackText(
            @PathVariable String key, @RequestBody RollBack wanted, @AuthenticationPrincipal Caller caller) {
        UUID version = wanted.version();
        if (version == null) {
            throw new Invalid("version", "Say which version.");
        }
        return changed(key, templates.rollBack(key, version, reason(wanted.reason()), caller.getName()));
    }

    private static Changed changed(Object asked, Change change) {
        return switch (change) {
            case Done done -> new Changed(done.id());
            case Unknown unknown -> throw new NotFound("text, change or version", asked);
            case NotAllowed no -> throw new Invalid(no.field(), no.sentence());
        };
    }

    private static String given(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new Invalid(field, "Say the " + field + ".");
        }
        return value.strip();
    }

    private static String reason(@Nullable String reason) {
        if (reason == null || reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw new Invalid("reason", "Say why, in at most " + LONGEST_REASON + " characters.");
        }
        return reason.strip();
    }
}
