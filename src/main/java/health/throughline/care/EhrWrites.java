package health.throughline.care;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The queue of what the EHR has to be told, for whoever carries it there. */
public interface EhrWrites {

    /** What is due, to be had alone for the length of a lease. Of one visit only the oldest: order holds. */
    List<Write> claim(int limit);

    /** Not said yet whether the EHR has it: the same again, with the same id, after that wait. */
    void later(Write write, Duration wait, String reason);

    /** The visit is no longer the one answered about, and nobody needs to act on that: the EHR is not told. */
    void overtaken(Write write);

    /** Takes down what came of it and publishes {@link EhrAnswered}; what is settled stays as it is. */
    void settle(Write write, EhrAnswered.Result result, String reason);

    /**
     * @param id the EHR keeps one answer of an id, however often it comes
     * @param appointment the EHR's id
     * @param same whether the visit is still at the time and place the patient answered about
     * @param stands whether it is still booked
     * @param patient the EHR's id; none where the feed never named the patient
     */
    record Write(
            UUID id,
            String appointment,
            @Nullable String patient,
            Appointment.Answer answer,
            Instant answeredAt,
            @Nullable Instant visitStart,
            boolean same,
            boolean stands,
            int tries) {}
}
