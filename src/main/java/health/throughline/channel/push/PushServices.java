package health.throughline.channel.push;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;

/**
 * Where a notice may be sent. The address comes from a browser, so from anybody: only the push services named in the settings are asked,
 * over https, and none that lies inside (R27). In local mode also this machine, where the simulator plays one.
 */
final class PushServices {

    static final int LONGEST = 1000;

    private static final List<String> HERE = List.of("localhost", "127.0.0.1");

    private final List<String> hosts;
    private final boolean local;

    PushServices(List<String> hosts, boolean local) {
        this.hosts = hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        this.local = local;
    }

    /** @throws IllegalArgumentException naming what is wrong, without the address */
    URI allowed(String endpoint) {
        if (endpoint.length() > LONGEST) {
            throw new IllegalArgumentException("The address is too long.");
        }
        URI address;
        try {
            address = URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("It is no address."); // the cause names it
        }
        String host = address.getHost() == null ? "" : address.getHost().toLowerCase(Locale.ROOT);
        if (address.getRawUserInfo() != null || address.getRawFragment() != null || host.isEmpty()) {
            throw new IllegalArgumentException("It is no address of a push service.");
        }
        if (isHere(address)) {
            return address;
        }
        boolean https = "https".equals(address.getScheme()) && (address.getPort() == -1 || address.getPort() == 443);
        if (!https || hosts.stream().noneMatch(allowed -> fits(allowed, host))) {
            throw new IllegalArgumentException("It is no address of a push service that may be asked.");
        }
        return address;
    }

    /** Whether its name leads inside, whatever it is called. */
    boolean liesInside(URI address) throws UnknownHostException {
        if (isHere(address)) {
            return false;
        }
        for (InetAddress one : InetAddress.getAllByName(address.getHost())) {
            byte[] bytes = one.getAddress();
            boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
            boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
            if (one.isLoopbackAddress()
                    || one.isAnyLocalAddress()
                    || one.isLinkLocalAddress()
                    || one.isSiteLocalAddress()
                    || one.isMulticastAddress()
                    || uniqueLocal
                    || shared) {
                return true;
            }
        }
        return false;
    }

    private boolean isHere(URI address) {
        return local && "http".equals(address.getScheme()) && HERE.contains(address.getHost());
    }

    private static boolean fits(String allowed, String host) {
        return allowed.startsWith("*.") ? host.endsWith(allowed.substring(1)) : host.equals(allowed);
    }
}
