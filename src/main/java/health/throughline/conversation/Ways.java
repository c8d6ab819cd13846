package health.throughline.conversation;

import health.throughline.channel.Channel;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientProfile;
import java.util.List;
import org.springframework.stereotype.Component;

/** The addresses by which a patient can be reached, the best first. */
@Component
class Ways {

    private final Senders senders;
    private final ChannelChoice choice;

    Ways(Senders senders, ChannelChoice choice) {
        this.senders = senders;
        this.choice = choice;
    }

    /** A confidential address overrides every other (K8). Landlines take no text; a channel nobody serves takes nothing. */
    List<ContactPoint> of(PatientProfile patient, Reach reach) {
        boolean anyConfidential = patient.reachable().stream().anyMatch(ContactPoint::confidential);
        List<ContactPoint> able = patient.reachable().stream()
                .filter(point -> !anyConfidential || point.confidential())
                .filter(point -> senders.serves(point.address().channel()))
                .filter(point -> reach.allows(point.address().channel()))
                .filter(point -> !(point.landline() && point.address().channel().equals(Channel.SMS)))
                .toList();
        return choice.inOrder(patient, able);
    }
}
