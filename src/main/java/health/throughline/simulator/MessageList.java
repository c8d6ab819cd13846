package health.throughline.simulator;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code GET …/Messages.json}: newest first, in pages. */
final class MessageList {

    private static final int DEFAULT_PAGE_SIZE = 50;
    private static final int MAX_PAGE_SIZE = 1000;
    private static final DateTimeFormatter DATE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss[XXX][XX]");

    private final CarrierLedger ledger;

    MessageList(CarrierLedger ledger) {
        this.ledger = ledger;
    }

    void answer(Exchange exchange, String account) throws IOException {
        Map<String, String> query = exchange.query();
        int size = Math.clamp(number(query, "PageSize", DEFAULT_PAGE_SIZE), 1, MAX_PAGE_SIZE);
        int page = Math.max(0, number(query, "Page", 0));
        Predicate<SimulatedMessage> wanted = wanted(query);
        List<SimulatedMessage> found = ledger.messages().reversed().stream()
                .filter(wanted)
                .skip((long) page * size)
                .limit(size + 1L)
                .toList();
        boolean more = found.size() > size;
        List<SimulatedMessage> shown = more ? found.subList(0, size) : found;
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("end", page * size + Math.max(0, shown.size() - 1));
        json.put("first_page_uri", uri(exchange, query, size, 0, null));
        json.put(
                "messages",
                shown.stream().map(message -> MessageJson.of(account, message)).toList());
        json.put(
                "next_page_uri",
                more
                        ? uri(
                                exchange,
                                query,
                                size,
                                page + 1,
                                "PA" + shown.getLast().sid())
                        : null);
        json.put("page", page);
        json.put("page_size", size);
        json.put("previous_page_uri", page == 0 ? null : uri(exchange, query, size, page - 1, null));
        json.put("start", page * size);
        json.put("uri", uri(exchange, query, size, page, null));
        exchange.json(200, json);
    }

    /** As at Twilio, a message that was not sent yet is outside every range of dates. */
    private static Predicate<SimulatedMessage> wanted(Map<String, String> query) {
        String to = query.get("To");
        String from = query.get("From");
        Instant after = instant(query.get("DateSent>"));
        Instant before = instant(query.get("DateSent<"));
        return message -> {
            Instant sentAt = message.sentAt();
            return (to == null || to.equals(message.content().to()))
                    && (from == null || from.equals(message.content().from()))
                    && (after == null || (sentAt != null && !sentAt.isBefore(after)))
                    && (before == null || (sentAt != null && !sentAt.isAfter(before)));
        };
    }

    private static @Nullable Instant instant(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return switch (text.length()) {
                case 10 -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
                case 19 -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
                default -> OffsetDateTime.parse(text, DATE_TIME).toInstant();
            };
        } catch (DateTimeException e) {
            throw new Exchange.BadRequest("The date cannot be read.");
        }
    }

    private static int number(Map<String, String> query, String name, int otherwise) {
        String text = query.get(name);
        return text != null && text.matches("\\d{1,6}") ? Integer.parseInt(text) : otherwise;
    }

    private static String uri(
            Exchange exchange, Map<String, String> query, int size, int page, @Nullable String pageToken) {
        var all = new LinkedHashMap<>(query);
        all.put("PageSize", String.valueOf(size));
        all.put("Page", String.valueOf(page));
        all.remove("PageToken");
        if (pageToken != null) {
            all.put("PageToken", pageToken);
        }
        return exchange.path()
                + all.entrySet().stream()
                        .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
