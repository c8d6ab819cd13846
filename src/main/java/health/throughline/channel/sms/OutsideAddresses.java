package health.throughline.channel.sms;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Finds a server's addresses and refuses it where one of them lies inside: on this machine, in a private network, at a cloud's metadata
 * service. The connection is made to the very addresses that were looked at, so a name that answers otherwise the next moment gains nothing.
 */
final class OutsideAddresses implements DnsResolver {

    private final DnsResolver names;
    private final String except;

    /** @param except the configured host of the provider's API, which may lie anywhere */
    OutsideAddresses(DnsResolver names, String except) {
        this.names = names;
        this.except = except;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] found = names.resolve(host);
        if (found == null || found.length == 0) {
            throw new UnknownHostException("no address");
        }
        if (!host.equalsIgnoreCase(except)) {
            for (InetAddress each : found) {
                if (isInside(each)) {
                    throw new Inside();
                }
            }
        }
        return found;
    }

    @Override
    public @Nullable String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }

    static final class Inside extends UnknownHostException {
        Inside() {
            super("an inside address");
        }
    }

    /** By the registries of special addresses (IANA; RFC 6890, RFC 4291): for IPv6 all but what is globally routed and no tunnel. */
    static boolean isInside(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (bytes.length == 4) {
            int third = bytes[2] & 0xff;
            return first == 0
                    || first >= 240
                    || first == 100 && second >= 64 && second < 128
                    || first == 192 && second == 0 && (third == 0 || third == 2)
                    || first == 198 && (second == 18 || second == 19 || second == 51 && third == 100)
                    || first == 203 && second == 0 && third == 113;
        }
        boolean global = first >= 0x20 && first < 0x40;
        boolean tunnel = first == 0x20 && second == 0x02;
        boolean special = first == 0x20 && second == 0x01 && (bytes[2] & 0xfe) == 0;
        boolean documents = first == 0x20 && second == 0x01 && (bytes[2] & 0xff) == 0x0d && (bytes[3] & 0xff) == 0xb8;
        return !global || tunnel || special || documents;
    }
}
