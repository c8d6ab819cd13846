package health.throughline.conversation.template;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.io.ClassPathResource;
import tools.jackson.databind.json.JsonMapper;

/** What a unit of a channel costs, carriers' fees included (K17). */
public record MessagePrices(String name, String version, LocalDate effectiveFrom, String source, Content content) {

    private static final String FILE = "rules/message-prices.json";

    /** @param perUnit by channel code */
    public record Content(String currency, Map<String, BigDecimal> perUnit) {}

    public static MessagePrices read() {
        try (InputStream in = new ClassPathResource(FILE).getInputStream()) {
            return JsonMapper.shared().readValue(in, MessagePrices.class);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " could not be read", e);
        }
    }

    /** None where nothing is known of the channel's price. */
    public Optional<BigDecimal> of(String channel, int units) {
        return Optional.ofNullable(content.perUnit().get(channel))
                .map(price -> price.multiply(BigDecimal.valueOf(units)));
    }
}
