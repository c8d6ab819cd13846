package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.patient.PatientFeed.Telecom;
import health.throughline.patient.Precedence.Change;
import health.throughline.patient.Precedence.Known;
import health.throughline.patient.Precedence.Sent;
import health.throughline.patient.Precedence.Status;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps how parties may be reached. */
@Repository
class JdbcContactPoints {

    private static final int MOST = 50;

    private final JdbcClient jdbc;
    private final JdbcAddresses addresses;
    private final Clock clock;

    JdbcContactPoints(JdbcClient jdbc, JdbcAddresses addresses, Clock clock) {
        this.jdbc = jdbc;
        this.addresses = addresses;
        this.clock = clock;
    }

    /** @param patient the patient behind the party; none for everybody else */
    record Owner(PartyId party, @Nullable PatientId patient) {}

    record Result(boolean changed, List<String> differences) {}

    /** Takes the source's list. */
    Result apply(Owner owner, String source, Instant observedAt, List<Telecom> telecoms) {
        var differences = new LinkedHashSet<String>();
        List<Sent> sent = sent(telecoms, differences);
        var outcome = Precedence.settle(source, observedAt, known(owner.party()), sent);
        for (Change change : outcome.changes()) {
            store(owner, source, change, null);
        }
        share(outcome.changes().stream().map(Change::address).toList());
        differences.addAll(outcome.differences());
        return new Result(!outcome.changes().isEmpty(), List.copyOf(differences));
    }

    /** A person confirmed the value: it stands, and other values of its channel step back. */
    boolean verify(Owner owner, String source, Instant verifiedAt, Telecom telecom) {
        List<Sent> sent = sent(List.of(telecom), null);
        var confirmed = sent.stream().map(Sent::address).toList();
        var channels = sent.stream().map(Sent::channel).toList();
        var touched = new ArrayList<AddressId>();
        for (Sent point : sent) {
            store(
                    owner,
                    source,
                    new Change(point.address(), point.use(), point.rank(), point.landline(), Status.ACTIVE, verifiedAt),
                    verifiedAt);
            touched.add(point.address());
        }
        for (Known other : known(owner.party())) {
            Instant former = other.verifiedAt();
            if (other.status() == Status.ACTIVE
                    && channels.contains(other.channel())
                    && !confirmed.contains(other.address())
                    && (former == null || former.isBefore(verifiedAt))) {
                store(
                        owner,
                        other.source(),
                        new Change(
                                other.address(),
                                other.use(),
                                other.rank(),
                                other.landline(),
                                Status.SUPERSEDED,
                                other.observedAt()),
                        null);
                touched.add(other.address());
            }
        }
        share(touched);
        return !touched.isEmpty();
    }

    /** The addresses behind what a source sends: a mobile phone takes both texts and calls. */
    private List<Sent> sent(List<Telecom> telecoms, @Nullable Set<String> differences) {
        var sent = new ArrayList<Sent>();
        for (Telecom telecom : telecoms.subList(0, Math.min(MOST, telecoms.size()))) {
            try {
                for (Channel channel : channels(telecom)) {
                    sent.add(sent(channel, telecom));
                }
            } catch (IllegalArgumentException e) {
                if (differences == null) {
                    throw e;
                }
                differences.add("A " + (telecom.system().equals("email") ? "e-mail address" : "phone number") + " sent "
                        + e.getMessage() + " and was left out; correct it at the source.");
            }
        }
        return sent;
    }

    private Sent sent(Channel channel, Telecom telecom) {
        var address = new Address(channel, JdbcAddresses.normalise(channel, telecom.value()));
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate end = telecom.end();
        boolean ended = telecom.use().equals("old") || (end != null && end.isBefore(today));
        return new Sent(
                addresses.idOf(address),
                channel,
                telecom.use(),
                telecom.rank(),
                channel.equals(Channel.VOICE) && isLandline(telecom),
                ended);
    }

    private static List<Channel> channels(Telecom telecom) {
        return switch (telecom.system().toLowerCase(Locale.ROOT)) {
            case "email" -> List.of(Channel.EMAIL);
            case "sms" -> List.of(Channel.SMS);
            case "phone" -> takesTexts(telecom) ? List.of(Channel.SMS, Channel.VOICE) : List.of(Channel.VOICE);
            default -> List.of();
        };
    }

    private static boolean takesTexts(Telecom telecom) {
        return switch (telecom.use()) {
            case "mobile" -> true;
            // an ended number ends for texts too, whatever it was taken for
            case "old" -> true;
            case "home", "work" -> false;
            default -> !Phones.isFixedLine(telecom.value());
        };
    }

    private static boolean isLandline(Telecom telecom) {
        return telecom.use().equals("home") || Phones.isFixedLine(telecom.value());
    }

    private List<Known> known(PartyId party) {
        return jdbc.sql("""
                select c.*, a.channel from contact_point c join address a on a.id = c.address_id
                where c.party_id = :party order by c.id""")
                .param("party", party.value())
                .query((row, n) -> {
                    OffsetDateTime verified = row.getObject("verified_at", OffsetDateTime.class);
                    return new Known(
                            new AddressId(row.getObject("address_id", UUID.class)),
                            Channel.ofCode(row.getString("channel")),
                            row.getString("use"),
                            row.getInt("rank"),
                            row.getString("source"),
                            row.getObject("observed_at", OffsetDateTime.class).toInstant(),
                            verified == null ? null : verified.toInstant(),
                            Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                            row.getBoolean("landline"));
                })
                .list();
    }

    private void store(Owner owner, String source, Change change, @Nullable Instant verifiedAt) {
        PatientId patient = owner.patient();
        jdbc.sql("""
                insert into contact_point (id, party_id, patient_id, origin_patient_id, address_id, use, rank, source, observed_at,
                    verified_at, landline, status, updated_at)
                values (:id, :party, :patient, :patient, :address, :use, :rank, :source, :observed, :verified, :landline, :status, :now)
                on conflict (party_id, address_id) do update set use = excluded.use, rank = excluded.rank,
                    source = excluded.source, observed_at = excluded.observed_at, landline = excluded.landline,
                    verified_at = coalesce(excluded.verified_at, contact_point.verified_at), status = excluded.status,
                    updated_at = excluded.updated_at""")
                .param("id", TimeOrderedId.next())
                .param("party", owner.party().value())
                .param("patient", patient == null ? null : patient.value(), java.sql.Types.OTHER)
                .param("address", change.address().value())
                .param("use", change.use())
                .param("rank", change.rank())
                .param("source", source)
                .param("observed", change.observedAt().atOffset(ZoneOffset.UTC))
                .param(
                        "verified",
                        verifiedAt == null ? null : verifiedAt.atOffset(ZoneOffset.UTC),
                        java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
                .param("landline", change.landline())
                .param("status", change.status().name().toLowerCase(Locale.ROOT))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    /** An address that reaches two patients is shared, for both of them. */
    private void share(List<AddressId> touched) {
        if (touched.isEmpty()) {
            return;
        }
        jdbc.sql("""
                with reach as (
                    select c.address_id, count(distinct c.patient_id) filter (where c.status = 'active') > 1 as shared
                    from contact_point c where c.address_id = any(:addresses) group by c.address_id)
                update contact_point c set shared = r.shared from reach r
                where c.address_id = r.address_id and c.shared <> r.shared""")
                .param(
                        "addresses",
                        touched.stream().map(AddressId::value).sorted().toArray(UUID[]::new))
                .update();
    }
}
