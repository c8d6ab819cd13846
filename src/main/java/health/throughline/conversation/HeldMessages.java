package health.throughline.conversation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a hold keeps back, and what would become of it if the hold were lifted now. Shows the caller's rows only. */
public interface HeldMessages {

    /** How many messages were due and stopped, by hold. */
    Map<UUID, Integer> stopped();

    /** How many of those it covers had started before it was placed and are not answered for yet. */
    int onTheirWay(UUID hold);

    Preview preview(UUID hold);

    /**
     * @param covered how many unsent messages it covers in all
     * @param lookedAt how many of those, the earliest due first, the groups speak of
     * @param stillHeld covered by another hold as well
     */
    record Preview(int covered, int lookedAt, Group goesNow, Group waits, Group dropped, Group stillHeld) {}

    /** @param reasons how many for each reason, the most frequent first */
    record Group(int count, Map<String, Integer> reasons, List<Item> first) {}

    /** One message without a word about whose it is. */
    record Item(
            UUID message,
            @Nullable String journey,
            String template,
            UUID orgUnit,
            Instant writtenAt,
            @Nullable Instant goesAt,
            Instant expiresAt,
            String reason,
            String sentence) {}
}
