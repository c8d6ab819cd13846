package health.throughline.coordination;

import health.throughline.conversation.EngagementReport;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.ErrorResponseException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What came of messages, counted. */
@RestController
@RequestMapping("/api/v1/engagement")
@Tag(name = "Engagement")
class EngagementController {

    private static final Duration USUAL = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofDays(400);

    private final EngagementReport report;
    private final Clock clock;

    EngagementController(EngagementReport report, Clock clock) {
        this.report = report;
        this.clock = clock;
    }

    @Schema(name = "EngagementReport")
    record Report(Instant from, Instant to, List<EngagementReport.OfChannel> items) {}

    @GetMapping
    @Transactional(readOnly = true)
    @Operation(
            summary = "Sent, delivered, opened, clicked and answered, by channel",
            description =
                    "Counts messages once each. \"Opened\" means probably: mail programs fetch pictures by themselves.")
    Report of(
            @Parameter(description = "An instant; 30 days before the end when left out")
                    @RequestParam(required = false)
                    @Nullable
                    Instant from,
            @Parameter(description = "An instant after it; now when left out") @RequestParam(required = false) @Nullable
                    Instant to) {
        Instant end = to == null ? clock.instant() : to;
        Instant start = from == null ? end.minus(USUAL) : from;
        if (!start.isBefore(end) || Duration.between(start, end).compareTo(LONGEST) > 0) {
            ProblemDetail problem = ProblemDetail.forStatus(HttpStatus.UNPROCESSABLE_CONTENT);
            problem.setDetail("\"from\" has to be before \"to\", by no more than " + LONGEST.toDays() + " days.");
            problem.setProperty("field", "from");
            throw new ErrorResponseException(HttpStatus.UNPROCESSABLE_CONTENT, problem, null);
        }
        return new Report(start, end, report.of(start, end));
    }
}
