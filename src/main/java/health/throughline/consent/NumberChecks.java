package health.throughline.consent;

import health.throughline.channel.Address;
import health.throughline.patient.AddressId;
import health.throughline.patient.Patients;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** What is known of numbers that may have changed hands; the look-up itself runs aside, never while a decision is taken. */
@Component
class NumberChecks {

    private static final Logger LOG = LoggerFactory.getLogger(NumberChecks.class);
    private static final int BATCH = 100;

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final Patients patients;
    private final @Nullable ReassignedNumbers lookUp;
    private final ConsentSettings settings;
    private final Clock clock;

    NumberChecks(
            JdbcClient jdbc,
            TransactionTemplate transaction,
            Patients patients,
            ObjectProvider<ReassignedNumbers> lookUp,
            ConsentSettings settings,
            Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.patients = patients;
        this.lookUp = lookUp.getIfAvailable();
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * None where nobody could be asked. What came in from there is only looked for where nothing else is recent, and lifts no yes: whoever
     * has the number now writes from it too. A call proves nobody, nor does what nobody vouches for.
     */
    Optional<SendFacts.Number> of(AddressId address, Instant confirmed, Rules rules, Instant now) {
        Reassigned reassigned = rules.reassigned();
        if (lookUp == null || reassigned == null) {
            return Optional.empty();
        }
        if (now.isBefore(confirmed.plus(reassigned.confirmedFor()))) {
            return Optional.of(new SendFacts.Number(confirmed, null, null, settings.noDataMay()));
        }
        return jdbc.sql("""
            select (select max(w.received_at) from inbound w where w.address_id in (
                        select s.id from address s where s.id = a.id or s.number_hash = a.number_hash)
                      and w.channel <> 'voice' and not w.automatic and w.doubt is distinct from 'unproven') as heard,
                   k.asked_at, k.answer
            from address a left join number_check k on k.address_id = a.id where a.id = ?\
            """)
                .param(address.value())
                .query((row, n) -> {
                    Instant heard = instant(row.getObject("heard", OffsetDateTime.class));
                    var given = new SendFacts.Number(
                            confirmed,
                            instant(row.getObject("asked_at", OffsetDateTime.class)),
                            row.getString("answer"),
                            settings.noDataMay());
                    return reassigned.stands(given) || heard == null || !heard.isAfter(confirmed)
                            ? given
                            : new SendFacts.Number(heard, given.askedAt(), given.answer(), given.noDataMay());
                })
                .optional();
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** Joins the caller's transaction. */
    void want(AddressId address, Instant confirmed, Instant now) {
        jdbc.sql("""
            insert into number_check (address_id, wanted_at, confirmed_on) values (?, ?, ?)
            on conflict (address_id) do update set wanted_at = excluded.wanted_at, confirmed_on = excluded.confirmed_on,
                answer = null where number_check.answer is not null\
            """)
                .params(
                        address.value(),
                        now.atOffset(ZoneOffset.UTC),
                        confirmed.atZone(ZoneOffset.UTC).toLocalDate())
                .update();
    }

    private record Wanted(UUID address, LocalDate confirmedOn) {}

    /** One after the other; what is not answered is asked again at the next turn. */
    @Scheduled(fixedDelay = 5_000)
    void ask() {
        ReassignedNumbers whom = lookUp;
        if (whom == null) {
            return;
        }
        List<Wanted> wanted = inTransaction(() -> jdbc.sql(
                        "select address_id, confirmed_on from number_check where answer is null order by wanted_at"
                                + " limit ?")
                .param(BATCH)
                .query((row, n) -> new Wanted(
                        row.getObject("address_id", UUID.class), row.getObject("confirmed_on", LocalDate.class)))
                .list());
        for (Wanted each : wanted) {
            try {
                Address number = inTransaction(() -> patients.address(new AddressId(each.address())));
                String answer = whom.ask(number.value(), each.confirmedOn()).code();
                inTransaction(() -> jdbc.sql("update number_check set answer = ?, asked_at = ? where address_id = ?")
                        .params(answer, clock.instant().atOffset(ZoneOffset.UTC), each.address())
                        .update());
            } catch (ReassignedNumbers.Unavailable e) {
                LOG.warn("The look-up of reassigned numbers does not answer; messages that need it wait");
                return;
            } catch (RuntimeException e) {
                LOG.warn(
                        "Address {} could not be looked up: {}",
                        each.address(),
                        e.getClass().getSimpleName());
                LOG.debug("Look-up failure", e);
                behindTheOthers(each.address());
            }
        }
    }

    private void behindTheOthers(UUID address) {
        inTransaction(() -> jdbc.sql("update number_check set wanted_at = ? where address_id = ?")
                .params(clock.instant().atOffset(ZoneOffset.UTC), address)
                .update());
    }

    private <T> T inTransaction(java.util.function.Supplier<T> work) {
        return java.util.Objects.requireNonNull(transaction.execute(status -> work.get()));
    }
}
