package health.throughline.selfservice;

import health.throughline.access.AccessScope;
import health.throughline.patient.PatientId;
import health.throughline.selfservice.Phrases.In;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Switches the notices on, by the inbox page's script, and off, by its form. */
@Hidden
@Controller
@RequestMapping("/my/notices")
class NoticePages {

    private static final int LONGEST = 1000;

    private final ProofPages asking;
    private final Proofs proofs;
    private final OwnNotices notices;
    private final TransactionTemplate transaction;

    NoticePages(ProofPages asking, Proofs proofs, OwnNotices notices, TransactionTemplate transaction) {
        this.asking = asking;
        this.proofs = proofs;
        this.notices = notices;
        this.transaction = transaction;
    }

    /** 204; 401 where nobody has shown who they are, 422 where it is no browser that may be told. */
    @PostMapping
    ResponseEntity<Void> on(HttpServletRequest request) {
        Optional<PatientId> patient = proofs.known(ProofPages.session(request));
        if (patient.isEmpty()) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
        }
        if (!notices.offered()) {
            return ResponseEntity.notFound().build();
        }
        String words = asking.words(request).say("notice.on");
        try {
            AccessScope.system().run(() -> {
                transaction.executeWithoutResult(status -> notices.on(
                        patient.get(),
                        bounded(request, "endpoint"),
                        bounded(request, "key"),
                        bounded(request, "secret"),
                        words));
                return true;
            });
            return ResponseEntity.noContent().build();
        } catch (IllegalArgumentException notAllowed) {
            return ResponseEntity.unprocessableContent().build();
        }
    }

    @PostMapping("/off")
    ResponseEntity<Void> off(HttpServletRequest request) {
        In in = asking.words(request);
        proofs.known(ProofPages.session(request))
                .ifPresent(patient -> AccessScope.system().run(() -> {
                    transaction.executeWithoutResult(status -> notices.off(patient));
                    return true;
                }));
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create("/my?lang=" + in.language()))
                .build();
    }

    private static String bounded(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return value == null || value.length() > LONGEST ? "" : value;
    }
}
