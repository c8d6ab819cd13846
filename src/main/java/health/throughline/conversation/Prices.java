package health.throughline.conversation;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import health.throughline.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** What a unit of a channel costs, as the files {@code rules/prices*.json} say from their day on; a channel not named costs nothing. */
@Component
class Prices {

    private static final String FILES = "classpath:rules/prices*.json";

    private final List<PriceList> lists;

    Prices() {
        JsonMapper json = JsonMapper.builder().build();
        List<PriceList> found = new ArrayList<>();
        try {
            for (Resource file : new PathMatchingResourcePatternResolver().getResources(FILES)) {
                try (InputStream in = file.getInputStream()) {
                    found.add(json.readValue(in, PriceList.class));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(Comparator.comparing(PriceList::effectiveFrom).reversed());
        if (found.isEmpty()) {
            throw new IllegalStateException("There is no " + FILES);
        }
        this.lists = List.copyOf(found);
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    record PriceList(String name, String version, LocalDate effectiveFrom, String source, Content content) {

        BigDecimal of(Channel channel, int units) {
            UnitPrice price = content.units().get(channel.code());
            return price == null ? BigDecimal.ZERO : price.price().multiply(BigDecimal.valueOf(units));
        }
    }

    record Content(String currency, Map<String, UnitPrice> units) {}

    /** @param unit what one is, in a word: segment, minute, message */
    record UnitPrice(BigDecimal price, String unit) {}

    /** The list in force on that day; before the first of them, the first. */
    PriceList on(LocalDate day) {
        return lists.stream()
                .filter(list -> !list.effectiveFrom().isAfter(day))
                .findFirst()
                .orElse(lists.getLast());
    }
}
