package health.throughline.simulator;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message in the shapes of Twilio's API. */
final class MessageJson {

    private static final DateTimeFormatter RFC_2822 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final int CHARACTERS_PER_SEGMENT = 153;

    private MessageJson() {}

    static Map<String, @Nullable Object> of(String account, SimulatedMessage message) {
        SimulatedMessage.Content content = message.content();
        String uri = "/2010-04-01/Accounts/" + account + "/Messages/" + message.sid();
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("account_sid", account);
        json.put("api_version", "2010-04-01");
        json.put("body", content.body());
        json.put("date_created", date(message.createdAt()));
        json.put("date_sent", date(message.sentAt()));
        json.put("date_updated", date(message.updatedAt()));
        json.put("direction", message.direction());
        json.put("error_code", message.errorCode());
        json.put("error_message", message.errorCode() == null ? null : "Unreachable destination handset");
        json.put("from", content.from());
        json.put("messaging_service_sid", content.service());
        json.put("num_media", String.valueOf(message.media().size()));
        json.put("num_segments", String.valueOf(1 + content.body().length() / CHARACTERS_PER_SEGMENT));
        json.put("price", null);
        json.put("price_unit", "USD");
        json.put("sid", message.sid());
        json.put("status", message.status());
        json.put("subresource_uris", Map.of("media", uri + "/Media.json"));
        json.put("to", content.to());
        json.put("uri", uri + ".json");
        return json;
    }

    static Map<String, Object> error(int status, int code, String message) {
        var json = new LinkedHashMap<String, Object>();
        json.put("code", code);
        json.put("message", message);
        json.put("more_info", "https://www.twilio.com/docs/errors/" + code);
        json.put("status", status);
        return json;
    }

    private static @Nullable String date(@Nullable Instant instant) {
        return instant == null ? null : RFC_2822.format(instant);
    }
}
