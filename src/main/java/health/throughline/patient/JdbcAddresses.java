package health.throughline.patient;

import health.throughline.TimeOrderedId;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.encryption.Encryption;
import health.throughline.encryption.KeyedHash;
import java.sql.Types;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Keeps one row for each address, whoever is reached there. */
@Repository
class JdbcAddresses {

    private static final Pattern NUMBER = Pattern.compile("\\+[1-9][0-9]{6,14}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s\\p{Cntrl}]{1,64}@[\\p{L}\\p{N}.-]{1,255}");

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final KeyedHash hash;
    private final Clock clock;

    JdbcAddresses(JdbcClient jdbc, Encryption encryption, KeyedHash hash, Clock clock) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.hash = hash;
        this.clock = clock;
    }

    /** @throws IllegalArgumentException naming what is wrong, without the value */
    static String normalise(Channel channel, String value) {
        if (channel.equals(Channel.SMS) || channel.equals(Channel.VOICE)) {
            return Phones.normalise(value);
        }
        if (channel.equals(Channel.EMAIL)) {
            String email = value.strip().toLowerCase(Locale.ROOT);
            if (!EMAIL.matcher(email).matches()) {
                throw new IllegalArgumentException("is not an e-mail address");
            }
            return email;
        }
        return value.strip(); // as its adapter writes it
    }

    /** The row of the normalised address, made when it is new. */
    AddressId idOf(Address address) {
        byte[] hashed = hash.of("address.value:" + address.channel().code(), address.value());
        return existing(address.channel(), hashed).orElseGet(() -> insert(address, hashed));
    }

    /** The row of the normalised address, if there is one. */
    Optional<AddressId> existing(Address address) {
        return existing(
                address.channel(), hash.of("address.value:" + address.channel().code(), address.value()));
    }

    Address find(AddressId id) {
        return jdbc.sql("select channel, value from address where id = :id")
                .param("id", id.value())
                .query((row, n) -> new Address(
                        Channel.ofCode(row.getString("channel")), decrypt(id.value(), row.getBytes("value"))))
                .optional()
                .orElseThrow(() -> new IllegalArgumentException("There is no address " + id));
    }

    String decrypt(UUID id, byte[] value) {
        return encryption.decrypt(encryption.systemKey(), field(id), value);
    }

    private Optional<AddressId> existing(Channel channel, byte[] hashed) {
        return jdbc.sql("select id from address where channel = :channel and value_hash = :hash")
                .param("channel", channel.code())
                .param("hash", hashed)
                .query(UUID.class)
                .optional()
                .map(AddressId::new);
    }

    private AddressId insert(Address address, byte[] hashed) {
        UUID id = TimeOrderedId.next();
        int made = jdbc.sql("""
            insert into address (id, channel, value_hash, value, number_hash, created_at)
            values (:id, :channel, :hash, :value, :number, :now) on conflict (channel, value_hash) do nothing\
            """)
                .param("id", id)
                .param("channel", address.channel().code())
                .param("hash", hashed)
                .param("value", encryption.encrypt(encryption.systemKey(), field(id), address.value()))
                .param("number", numberHash(hash, address.value()), Types.BINARY)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return made == 1
                ? new AddressId(id)
                : existing(address.channel(), hashed).orElseThrow();
    }

    /** The same for one number by whatever channel; none for what is no phone number. */
    static byte @Nullable [] numberHash(KeyedHash hash, String value) {
        return NUMBER.matcher(value).matches() ? hash.of("address.number", value) : null;
    }

    private static Encryption.Field field(UUID id) {
        return new Encryption.Field("address", "value", id);
    }
}
