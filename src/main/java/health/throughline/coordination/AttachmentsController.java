package health.throughline.coordination;

import health.throughline.access.Conflict;
import health.throughline.access.NotFound;
import health.throughline.audit.Audit;
import health.throughline.conversation.Attachment;
import health.throughline.conversation.Attachments;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Pictures and files that patients sent, over HTTP. Every opening is audited; what is opened runs nothing. */
@RestController
class AttachmentsController {

    static final String PATH = "/api/v1/attachments/";

    /** What browsers show as a picture and as nothing else; the rest is only saved. */
    private static final Set<String> SHOWN = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private final Attachments attachments;
    private final Audit audit;

    AttachmentsController(Attachments attachments, Audit audit) {
        this.attachments = attachments;
        this.audit = audit;
    }

    /**
     * @param kind picture, sound, video or file
     * @param state to-fetch, kept or not-kept
     * @param url where it is opened; none while it is not kept
     * @param shown whether browsers show it as a picture
     */
    @Schema(name = "Attachment")
    record Shown(
            UUID id,
            String kind,
            String name,
            @Nullable String type,
            @Nullable Long bytes,
            String state,
            @Nullable String why,
            @Nullable String url,
            boolean shown) {

        static Shown of(Attachment one) {
            String type = one.type();
            return new Shown(
                    one.id(),
                    one.kind(),
                    one.name(),
                    type,
                    one.bytes(),
                    one.state(),
                    one.why(),
                    one.state().equals("kept") ? PATH + one.id() : null,
                    type != null && SHOWN.contains(type));
        }
    }

    @GetMapping(PATH + "{id}")
    @Transactional
    @ApiResponse(
            responseCode = "200",
            description = "The picture or file, its type found out from its bytes",
            content = @Content(mediaType = "*/*", schema = @Schema(type = "string", format = "binary")))
    ResponseEntity<byte[]> openAttachment(@PathVariable UUID id) {
        Attachments.Opened opened = attachments.open(id).orElseThrow(() -> new NotFound("attachment", id));
        UUID patient = opened.patient();
        audit.record(Audit.Entry.done("attachment.open", "attachment", id, patient));
        byte[] content = opened.content();
        if (content == null) {
            throw new Conflict(Objects.requireNonNullElse(
                    opened.what().why(), "It is not here yet, or was lost. An administrator finds more in the log."));
        }
        String type = Objects.requireNonNullElse(opened.what().type(), MediaType.APPLICATION_OCTET_STREAM_VALUE);
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(type))
                .cacheControl(CacheControl.noStore().cachePrivate())
                .header(HttpHeaders.CONTENT_DISPOSITION, disposition(opened.what(), type))
                .header("X-Content-Type-Options", "nosniff")
                .header("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
                .header("Cross-Origin-Resource-Policy", "same-origin")
                .body(content);
    }

    private static String disposition(Attachment what, String type) {
        String end = type.substring(type.indexOf('/') + 1).replace("jpeg", "jpg");
        // the sender's own ending may claim what it is not
        String name = what.name().replaceAll("\\.[A-Za-z0-9]{1,8}$", "").replaceAll("[\\\\/:*?\"<>|\\p{Cntrl}]", "_");
        String shown = name.isBlank() ? what.kind() : name;
        return (SHOWN.contains(type) ? ContentDisposition.inline() : ContentDisposition.attachment())
                .filename(shown + "." + end, StandardCharsets.UTF_8)
                .build()
                .toString();
    }
}
