package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.channel.Channel;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientProfile;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The addresses by which a patient can be reached, the best first. */
@Component
class Ways {

    private static final Duration THERE = Duration.ofMinutes(30);

    private final Senders senders;
    private final ChannelChoice choice;
    private final JdbcClient jdbc;
    private final Clock clock;

    Ways(Senders senders, ChannelChoice choice, JdbcClient jdbc, Clock clock) {
        this.senders = senders;
        this.choice = choice;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** A confidential address overrides every other (K8). Landlines take no text; a channel nobody serves takes nothing. */
    List<ContactPoint> of(PatientProfile patient, Reach reach) {
        boolean anyConfidential = patient.reachable().stream().anyMatch(ContactPoint::confidential);
        List<ContactPoint> able = patient.reachable().stream()
                .filter(point -> !anyConfidential || point.confidential())
                .filter(point -> senders.serves(point.address().channel()))
                .filter(point -> reach.allows(point.address().channel()))
                .filter(point -> !(point.landline() && point.address().channel().equals(Channel.SMS)))
                .filter(point -> !senders.adapter(point.address().channel()).onlyTells())
                .filter(point -> senders.adapter(point.address().channel()).comesUnasked()
                        || isThere(point)
                        || isTold(patient, point))
                .toList();
        return choice.inOrder(patient, able);
    }

    /** They asked to be told when something waits there. */
    private boolean isTold(PatientProfile patient, ContactPoint point) {
        return senders.adapter(point.address().channel()).keepsUntilRead()
                && patient.reachable().stream()
                        .map(one -> one.address().channel())
                        .anyMatch(channel -> senders.serves(channel)
                                && senders.adapter(channel).onlyTells());
    }

    /** They wrote there a moment ago, and look at the page: pressing a button on the way is no looking. */
    private boolean isThere(ContactPoint point) {
        return jdbc.sql("""
                        select exists (select 1 from inbound_work w
                            join inbound i on i.id = w.inbound_id and i.received_at = w.received_at
                            where w.address_id = :address and w.received_at >= :since and w.said_at >= :since and i.choice is null)
                        """)
                .param("address", point.addressId().value())
                .param("since", utc(clock.instant().minus(THERE)))
                .query(Boolean.class)
                .single();
    }
}
