package health.throughline.channel.voice;

import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Dialogues.Dialogue;
import org.jspecify.annotations.Nullable;

/**
 * A call that is going on.
 *
 * @param attempt where we called; none where we were called
 * @param path of this call's requests
 * @param patient the number that is not ours
 * @param ours the number that is
 * @param raw the request itself
 */
record Line(
        Dialogue dialogue,
        @Nullable AttemptId attempt,
        String path,
        String callSid,
        Address patient,
        String ours,
        String raw) {

    /** The same call, with something else to say. */
    Line saying(Dialogue other) {
        return new Line(other, attempt, path, callSid, patient, ours, raw);
    }

    boolean asks() {
        return dialogue.question() != null;
    }
}
