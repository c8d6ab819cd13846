package health.throughline.conversation;

import static health.throughline.conversation.JdbcMessages.utc;

import health.throughline.channel.Channel;
import health.throughline.patient.ContactPoint;
import health.throughline.patient.PatientProfile;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The channel on which the patient last spoke, then the usual order of channels; of one channel, the address ranked or seen best. */
@Component
class UsualChannels implements ChannelChoice {

    private static final Duration REMEMBERED = Duration.ofDays(90);

    private final JdbcClient jdbc;
    private final Senders senders;
    private final Clock clock;

    UsualChannels(JdbcClient jdbc, Senders senders, Clock clock) {
        this.jdbc = jdbc;
        this.senders = senders;
        this.clock = clock;
    }

    @Override
    public List<ContactPoint> inOrder(PatientProfile patient, List<ContactPoint> ways) {
        if (ways.size() < 2) {
            return ways;
        }
        Optional<Channel> spokeOn = lastSpokenOn(patient);
        List<Channel> usual = senders.channels();
        return ways.stream()
                .sorted(Comparator.comparing((ContactPoint way) ->
                                !spokeOn.equals(Optional.of(way.address().channel())))
                        .thenComparingInt(way -> usual.indexOf(way.address().channel()))
                        .thenComparingInt(ContactPoint::rank)
                        .thenComparing(ContactPoint::observedAt, Comparator.reverseOrder()))
                .toList();
    }

    private Optional<Channel> lastSpokenOn(PatientProfile patient) {
        return jdbc.sql("""
                        select a.channel from inbound_work w join address a on a.id = w.address_id
                        where w.patient_id = ? and w.received_at >= ? order by w.received_at desc limit 1
                        """)
                .params(patient.id().value(), utc(clock.instant().minus(REMEMBERED)))
                .query(String.class)
                .optional()
                .map(Channel::ofCode)
                // a key pressed in a call does not ask to be called again
                .filter(channel ->
                        senders.serves(channel) && senders.adapter(channel).carriesWords());
    }
}
