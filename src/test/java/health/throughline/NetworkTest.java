package health.throughline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What limits count as one place. */
class NetworkTest {

    @ParameterizedTest(name = "{0} counts as {1}")
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "::ffff:192.0.2.7, 192.0.2.7",
        "2001:db8:1:2::1, 20010db800010002/64",
        "2001:0db8:0001:0002:ffff:ffff:ffff:fffe, 20010db800010002/64",
        "2001:db8:1:3::1, 20010db800010003/64",
        "fe80::1%eth0, fe80000000000000/64",
        "0:0:0:0:0:0:0:1, 0000000000000000/64",
        "not:an address, not:an address",
        "'', ''"
    })
    void countsTheLineAndNotItsAddresses(String remote, String counted) {
        assertThat(Network.of(remote)).isEqualTo(counted);
    }
}
