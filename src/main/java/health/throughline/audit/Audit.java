package health.throughline.audit;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes down who did or saw what. The row is inserted, unchained, in the caller's transaction (it stands or falls with what it speaks
 * of); one sequencer chains it within seconds. Details hold ids and codes, never names, addresses or texts.
 */
public interface Audit {

    /** Done by {@link Actor#current()}. */
    void record(Entry entry);

    /**
     * @param action a verb in dot notation: {@code patient.read}, {@code task.complete}, {@code consent.revoke}
     * @param outcome {@code done}, {@code refused} or {@code not_found}
     */
    record Entry(
            String action,
            String entityType,
            String entityId,
            @Nullable UUID patient,
            String outcome,
            Map<String, String> detail) {

        public static Entry done(String action, String entityType, Object entityId, @Nullable UUID patient) {
            return new Entry(action, entityType, String.valueOf(entityId), patient, "done", Map.of());
        }

        public Entry with(String key, String value) {
            var more = new java.util.TreeMap<>(detail);
            more.put(key, value);
            return new Entry(action, entityType, entityId, patient, outcome, more);
        }

        public Entry withOutcome(String outcome) {
            return new Entry(action, entityType, entityId, patient, outcome, detail);
        }
    }
}
