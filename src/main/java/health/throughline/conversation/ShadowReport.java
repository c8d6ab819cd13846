package health.throughline.conversation;

import health.throughline.organization.OrgUnitId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a department would have sent while it only pretended to. Shows the caller's rows only. */
public interface ShadowReport {

    Counts counts(OrgUnitId unit, Instant since);

    /** The latest first. The caller audits that they were read. @param after the last message of the page before */
    List<Message> messages(OrgUnitId unit, Instant since, @Nullable UUID after, int limit);

    /**
     * @param wouldGo messages that would have been sent
     * @param waiting messages not due yet
     */
    record Counts(int wouldGo, int waiting, List<Line> lines, List<Day> days) {}

    /** @param outcome {@code would-go} or the code of the rule that refused */
    record Line(String journey, String template, String outcome, int count) {}

    record Day(LocalDate day, int count) {}

    record Message(
            UUID id,
            UUID patient,
            Instant at,
            @Nullable String journey,
            String template,
            String locale,
            String text,
            String reason,
            String why) {}
}
