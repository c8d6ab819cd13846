package health.throughline.selfservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import health.throughline.StartRefused;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sites may hold the chat, and whose coordinators see what is written there. */
class ChatSitesTest {

    private static final List<URI> SITES =
            List.of(URI.create("https://east.example.org"), URI.create("https://west.example.org:8443"));

    @Test
    void knowsTheUnitOfASite() {
        var sites = new ChatSites(
                SITES, List.of("https://east.example.org=/all/east/", " https://west.example.org:8443=/all/ "), null);
        assertThat(sites.unitOf("https://east.example.org")).contains("/all/east/");
        assertThat(sites.unitOf("https://west.example.org:8443")).contains("/all/");
        assertThat(sites.unitOf("https://west.example.org")).isEmpty();
        assertThat(sites.unitOf("")).isEmpty();
        assertThat(new ChatSites(SITES, List.of(), null).unitOf("https://east.example.org"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://other.example.org=/all/east/",
                "https://east.example.org",
                "https://east.example.org=east",
                "=/all/",
                ""
            })
    void takesNoSiteThatMayNotHoldTheChatAndNoUnitThatIsNone(String wrong) {
        assertThatThrownBy(() -> new ChatSites(SITES, List.of(wrong), null))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("THROUGHLINE_CHAT_UNITS");
    }
}
