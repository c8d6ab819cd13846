package health.throughline.selfservice;

import health.throughline.audit.Actor;
import health.throughline.channel.Address;
import health.throughline.channel.AttemptId;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelInbox;
import health.throughline.channel.InboundMessage;
import health.throughline.patient.AddressId;
import health.throughline.patient.Numbers;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What a verified patient says on a page of ours comes in like everything else patients say. */
@Component
class OwnWords {

    static final Channel PORTAL = new Channel("portal");

    private static final String PROVIDER = "pages";

    private final ChannelInbox inbox;
    private final Patients patients;
    private final Numbers numbers;
    private final Clock clock;

    OwnWords(ChannelInbox inbox, Patients patients, Numbers numbers, Clock clock) {
        this.inbox = inbox;
        this.patients = patients;
        this.numbers = numbers;
        this.clock = clock;
    }

    /** The patient's own place among our pages; theirs alone. */
    static Address address(PatientId patient) {
        return new Address(PORTAL, patient.toString());
    }

    /**
     * Joins the caller's transaction.
     *
     * @param key of this form as it was shown: sent twice it counts once
     * @param text what was written, or what the pressed button says
     * @param choice what was pressed; none where something was written
     * @param about the attempt whose message is answered
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public void say(PatientId patient, String key, String text, @Nullable String choice, @Nullable UUID about) {
        new Actor(Actor.Kind.PATIENT, patient.toString()).run(() -> {
            AddressId address = patients.addressOfSender(PORTAL, patient.toString());
            numbers.link(patient, address, address.value());
            inbox.received(new InboundMessage(
                    PROVIDER,
                    patient + ":" + key,
                    address(patient),
                    "portal",
                    text,
                    text,
                    clock.instant(),
                    about == null ? null : new AttemptId(about),
                    choice,
                    false));
            return true;
        });
    }
}
