package health.throughline;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a request comes from, as limits count it. */
public final class Network {

    private static final Pattern LITERAL = Pattern.compile("[0-9A-Fa-f:.]{2,45}");
    private static final int OF_A_CUSTOMER = 8;
    private static final String CUSTOMER = "/64";
    private static final int DIGITS_OF_A_SITE = 12;

    private Network() {}

    /**
     * An IPv4 address is itself. Of an IPv6 address it is the /64: that much is handed to one line, and whoever has it has all of its
     * addresses (RFC 6177, RFC 4291 §2.5.4).
     *
     * @param remote an address as the container writes it
     */
    public static String of(@Nullable String remote) {
        String address = remote == null ? "" : remote.split("%", 2)[0];
        if (!address.contains(":") || !LITERAL.matcher(address).matches()) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return bytes.length > OF_A_CUSTOMER
                    ? HexFormat.of().formatHex(bytes, 0, OF_A_CUSTOMER) + CUSTOMER
                    : InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException malformed) {
            return address;
        }
    }

    /**
     * What somebody may have as a whole: a site, or who asks a tunnel for one, is handed a /48 with its 65,536 networks (RFC 6177). An IPv4
     * address is itself.
     *
     * @param network as {@link #of} tells it
     */
    public static String site(String network) {
        return network.endsWith(CUSTOMER) ? network.substring(0, DIGITS_OF_A_SITE) + "/48" : network;
    }
}
