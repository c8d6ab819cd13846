package health.throughline.access;

import health.throughline.audit.Audit;
import health.throughline.audit.AuditTrail;
import health.throughline.audit.AuditVerifier;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Shows the audit, and whether it is whole. Stands here because the audit module must not know who may read it. */
@RestController
@RequestMapping("/api/v1/audit")
@Tag(name = "Audit")
class AuditController {

    private static final int MOST = 100;

    record Page(List<AuditTrail.Row> items, @Nullable UUID next) {}

    record Verification(
            boolean intact,
            String sentence,
            long chained,
            long unchained,
            long checkpoints,
            AuditVerifier.@Nullable Break broken) {}

    private final AuditTrail trail;
    private final AuditVerifier verifier;
    private final Audit audit;
    private final AtomicBoolean verifying = new AtomicBoolean();

    AuditController(AuditTrail trail, AuditVerifier verifier, Audit audit) {
        this.trail = trail;
        this.verifier = verifier;
        this.audit = audit;
    }

    @GetMapping
    @Operation(summary = "Who did or saw what, newest first")
    @Transactional
    public Page rows(
            @RequestParam(required = false) @Nullable UUID patient,
            @RequestParam(required = false) @Nullable UUID after,
            @RequestParam(defaultValue = "50") int limit) {
        if (limit < 1 || limit > MOST) {
            throw new Invalid("limit", "limit is between 1 and " + MOST + ".");
        }
        var rows = trail.rows(patient, after, limit);
        audit.record(Audit.Entry.done("audit.read", "audit", patient == null ? "all" : patient, patient));
        return new Page(rows, rows.size() == limit ? rows.getLast().id() : null);
    }

    @GetMapping("/verification")
    @Operation(summary = "Whether the audit is as it was written: nothing edited, deleted, reordered or cut off")
    Verification verification() {
        if (!verifying.compareAndSet(false, true)) {
            throw new Conflict("A verification is running; ask again when it has ended.");
        }
        try {
            // Every row counts, not only those the caller may read; nothing of them is told.
            var found = AccessScope.system().run(verifier::verify);
            audit.record(Audit.Entry.done("audit.verify", "audit", "chain", null)
                    .with("intact", String.valueOf(found.intact())));
            return new Verification(
                    found.intact(),
                    found.sentence(),
                    found.chained(),
                    found.unchained(),
                    found.checkpoints(),
                    found.broken());
        } finally {
            verifying.set(false);
        }
    }
}
