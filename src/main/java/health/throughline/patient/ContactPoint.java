package health.throughline.patient;

import health.throughline.channel.Address;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A way to reach somebody, as last observed or verified.
 *
 * @param verifiedAt when the patient or staff confirmed it; an unchanged re-send of an older value never beats it
 * @param shared others are reached there too
 * @param confidential asked for under 164.522(b): overrides every preference and fallback (K8)
 */
public record ContactPoint(
        AddressId addressId,
        Address address,
        String use,
        int rank,
        Instant observedAt,
        @Nullable Instant verifiedAt,
        boolean shared,
        boolean confidential,
        boolean landline) {}
