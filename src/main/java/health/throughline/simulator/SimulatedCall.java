package health.throughline.simulator;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A call as the simulated carrier keeps it: what was said in it, and what the patient does with the phone. */
final class SimulatedCall {

    private static final int MOST_LINES = 200;

    /**
     * @param fromPatient the patient called us
     * @param vouchedFor the patient's own carrier knows them and their right to the number
     * @param url what to say is asked for there
     */
    record Content(
            String to,
            String from,
            boolean fromPatient,
            boolean vouchedFor,
            URI url,
            @Nullable URI statusCallback,
            Set<String> events,
            boolean detectsMachine) {}

    /** Something said or done in the call. @param by {@code us}, {@code patient} or {@code carrier} */
    record Line(String by, String text, @Nullable String language) {}

    private final String sid;
    private final Content content;
    private final Instant createdAt;
    private final List<Line> lines = new ArrayList<>();
    private final Deque<String> done = new ArrayDeque<>();
    private String status = "queued";
    private @Nullable String answeredBy;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private boolean listening;

    SimulatedCall(String sid, Content content, Instant createdAt) {
        this.sid = sid;
        this.content = content;
        this.createdAt = createdAt;
    }

    String sid() {
        return sid;
    }

    Content content() {
        return content;
    }

    Instant createdAt() {
        return createdAt;
    }

    /** The patient's number. */
    String phone() {
        return content.fromPatient() ? content.from() : content.to();
    }

    synchronized void becomes(String newStatus, Instant at) {
        status = newStatus;
        if (newStatus.equals("in-progress")) {
            startedAt = at;
        } else if (over()) {
            endedAt = at;
            listening = false;
            notifyAll();
        }
    }

    synchronized String status() {
        return status;
    }

    synchronized boolean over() {
        return switch (status) {
            case "completed", "busy", "no-answer", "failed", "canceled" -> true;
            default -> false;
        };
    }

    synchronized void answeredBy(String who) {
        answeredBy = who;
    }

    synchronized @Nullable String answeredBy() {
        return answeredBy;
    }

    synchronized @Nullable Instant startedAt() {
        return startedAt;
    }

    synchronized @Nullable Instant endedAt() {
        return endedAt;
    }

    synchronized void say(String by, String text, @Nullable String language) {
        if (lines.size() < MOST_LINES) {
            lines.add(new Line(by, text, language));
        }
    }

    synchronized List<Line> lines() {
        return List.copyOf(lines);
    }

    synchronized boolean listening() {
        return listening;
    }

    /** What the patient does: {@code answer}, {@code decline}, {@code hang-up}, a key, or words. */
    synchronized void does(String what) {
        done.addLast(what);
        notifyAll();
    }

    /** The next thing done; none when nothing was within that time. */
    synchronized @Nullable String next(long millis, boolean forKeys) throws InterruptedException {
        listening = forKeys;
        long until = System.nanoTime() + millis * 1_000_000;
        while (done.isEmpty()) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                listening = false;
                return null;
            }
            wait(left);
        }
        listening = false;
        return done.removeFirst();
    }
}
