package health.throughline.consent;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import health.throughline.channel.Address;
import health.throughline.channel.Channel;
import health.throughline.encryption.Encryption;
import health.throughline.patient.AddressId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells where a phone number may live. Only its first digits are remembered, never the number. */
@Component
class AddressAreas {

    private static final int CACHED_ADDRESSES = 100_000;
    private static final int COUNTRY_AND_AREA = 5;
    private static final String NO_PHONE = "";

    private final JdbcClient jdbc;
    private final Encryption encryption;
    private final RuleBook rules;
    private final Cache<AddressId, String> prefixes =
            Caffeine.newBuilder().maximumSize(CACHED_ADDRESSES).build();

    AddressAreas(JdbcClient jdbc, Encryption encryption, RuleBook rules) {
        this.jdbc = jdbc;
        this.encryption = encryption;
        this.rules = rules;
    }

    /** Needs a transaction. */
    Area of(AddressId address) {
        String prefix = prefixes.getIfPresent(address);
        if (prefix == null) {
            prefix = prefix(address);
            prefixes.put(address, prefix);
        }
        return prefix.equals(NO_PHONE) ? Area.NONE : rules.areaCodes().of(prefix);
    }

    private String prefix(AddressId address) {
        return jdbc.sql("select channel, value from address where id = :id")
                .param("id", address.value())
                .query((row, n) -> {
                    var field = new Encryption.Field("address", "value", address.value());
                    var known = new Address(
                            Channel.ofCode(row.getString("channel")),
                            encryption.decrypt(encryption.systemKey(), field, row.getBytes("value")));
                    if (!known.isPhoneNumber()) {
                        return NO_PHONE;
                    }
                    String phone = known.value();
                    return phone.substring(0, Math.min(COUNTRY_AND_AREA, phone.length()));
                })
                .optional()
                .orElseThrow(() -> new IllegalArgumentException("There is no address " + address));
    }
}
