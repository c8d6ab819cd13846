package health.throughline.care;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tells the EHR, master of the visits, what a patient answered; it may say no. */
public interface WriteBack {

    /**
     * Queues it in the caller's transaction; what comes of it is published as {@link EhrAnswered}. Idempotent by key.
     *
     * @return false where no EHR is configured to be told
     */
    boolean tell(Request request);

    /**
     * @param key of the act that asks for it, the same however often the act is done over
     * @param processInstance where the journey waits for what the EHR says, if it does
     */
    record Request(
            String key,
            Appointment appointment,
            Appointment.Answer answer,
            Instant answeredAt,
            @Nullable UUID journeyInstance,
            @Nullable String processInstance) {}
}
