package health.throughline.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call in the shape of Twilio's API. */
final class CallJson {

    private static final DateTimeFormatter RFC_2822 = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss Z", Locale.US)
            .withZone(ZoneOffset.UTC);

    private CallJson() {}

    static Map<String, @Nullable Object> of(String account, SimulatedCall call) {
        String uri = "/2010-04-01/Accounts/" + account + "/Calls/" + call.sid();
        Instant started = call.startedAt();
        Instant ended = call.endedAt();
        var json = new LinkedHashMap<String, @Nullable Object>();
        json.put("account_sid", account);
        json.put("answered_by", call.answeredBy());
        json.put("api_version", "2010-04-01");
        json.put("caller_name", null);
        json.put("date_created", date(call.createdAt()));
        json.put("date_updated", date(ended == null ? call.createdAt() : ended));
        json.put("direction", call.content().fromPatient() ? "inbound" : "outbound-api");
        json.put(
                "duration",
                started == null || ended == null
                        ? null
                        : String.valueOf(Duration.between(started, ended).toSeconds()));
        json.put("end_time", date(ended));
        json.put("forwarded_from", null);
        json.put("from", call.content().from());
        json.put("from_formatted", call.content().from());
        json.put("group_sid", null);
        json.put("parent_call_sid", null);
        json.put("phone_number_sid", null);
        json.put("price", null);
        json.put("price_unit", "USD");
        json.put("queue_time", "0");
        json.put("sid", call.sid());
        json.put("start_time", date(started));
        json.put("status", call.status().equals("initiated") ? "queued" : call.status());
        json.put("subresource_uris", Map.of("recordings", uri + "/Recordings.json"));
        json.put("to", call.content().to());
        json.put("to_formatted", call.content().to());
        json.put("trunk_sid", null);
        json.put("uri", uri + ".json");
        return json;
    }

    private static @Nullable String date(@Nullable Instant instant) {
        return instant == null ? null : RFC_2822.format(instant);
    }
}
