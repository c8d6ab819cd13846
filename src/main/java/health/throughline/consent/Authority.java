package health.throughline.consent;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who may be told about a patient besides the patient (K8); the content of {@code rules/authority}.
 *
 * @param untilMajority relationships that end when the patient comes of age, unless they began later
 * @param sensitiveScope what a relationship must name to be told of what is sensitive (K13)
 */
record Authority(
        int majority,
        Map<String, Integer> majorityByState,
        List<String> untilMajority,
        List<String> whateverTheAge,
        String sensitiveScope) {

    /** The begin of the day on which the patient comes of age, where they live. */
    Instant ofAge(LocalDate birth, @Nullable String state, ZoneId zone) {
        int age = state == null ? majority : majorityByState.getOrDefault(state, majority);
        return birth.plusYears(age).atStartOfDay(zone).toInstant();
    }

    boolean knows(String relationship) {
        return untilMajority.contains(relationship) || whateverTheAge.contains(relationship);
    }
}
