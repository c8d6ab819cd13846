package health.throughline.simulator;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A message as the simulated carrier keeps it. */
final class SimulatedMessage {

    /** What a carrier knows a message by when it arrives. */
    record Content(
            String to,
            @Nullable String from,
            @Nullable String service,
            String body,
            @Nullable URI statusCallback,
            @Nullable Integer validityPeriod) {}

    private final String sid;
    private final boolean fromPatient;
    private final Content content;
    private final Instant createdAt;
    private final List<SimulatedMedia.Medium> media;
    private volatile String status;
    private volatile Instant updatedAt;
    private volatile @Nullable Instant sentAt;
    private volatile @Nullable Integer errorCode;

    SimulatedMessage(String sid, boolean fromPatient, Content content, Instant createdAt) {
        this(sid, fromPatient, content, createdAt, List.of());
    }

    SimulatedMessage(
            String sid, boolean fromPatient, Content content, Instant createdAt, List<SimulatedMedia.Medium> media) {
        this.media = List.copyOf(media);
        this.sid = sid;
        this.fromPatient = fromPatient;
        this.content = content;
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
        this.sentAt = fromPatient ? createdAt : null;
        this.status = fromPatient ? "received" : content.service() == null ? "queued" : "accepted";
    }

    void becomes(String newStatus, @Nullable Integer error, Instant at) {
        status = newStatus;
        errorCode = error;
        updatedAt = at;
        if (newStatus.equals("sent") || (newStatus.equals("delivered") && sentAt == null)) {
            sentAt = at;
        }
    }

    String sid() {
        return sid;
    }

    boolean fromPatient() {
        return fromPatient;
    }

    Content content() {
        return content;
    }

    List<SimulatedMedia.Medium> media() {
        return media;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    @Nullable
    Instant sentAt() {
        return sentAt;
    }

    String status() {
        return status;
    }

    @Nullable
    Integer errorCode() {
        return errorCode;
    }

    /** The patient's number. */
    String phone() {
        return fromPatient && content.from() != null ? content.from() : content.to();
    }

    String direction() {
        return fromPatient ? "inbound" : "outbound-api";
    }

    @Override
    public String toString() {
        return sid + " " + status.toLowerCase(Locale.ROOT);
    }
}
