package health.throughline.conversation;

import static org.awaitility.Awaitility.await;

import health.throughline.ThroughlineTest;
import health.throughline.TimeOrderedId;
import health.throughline.channel.Channel;
import health.throughline.consent.ConsentLedger;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Deferred;
import health.throughline.conversation.Conversations.Queued;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.conversation.Conversations.SendDecision;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.patient.AddressId;
import health.throughline.patient.PatientFeed;
import health.throughline.patient.PatientFeed.PatientRecord;
import health.throughline.patient.PatientFeed.Telecom;
import health.throughline.patient.PatientId;
import health.throughline.patient.Patients;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Patients, phones and a carrier for tests of sending and hearing; without journeys. */
abstract class TextingTest extends ThroughlineTest {

    static final ZoneId ZONE = ZoneId.of("America/Denver");

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final JsonMapper JSON = new JsonMapper();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** Area codes of the mountain zone; 303 and 720 belong to the practice clinic. */
    private static final List<Integer> AREAS =
            List.of(970, 719, 983, 385, 801, 435, 505, 575, 406, 307, 602, 480, 623, 520, 928, 208, 986);

    private static final int FAST = 2_000;
    private static final int FIRST_PLAIN = 165;
    private static final int PLAIN = 35;

    @Autowired
    PatientFeed feed;

    @Autowired
    Patients patients;

    @Autowired
    ConsentLedger ledger;

    @Autowired
    Conversations conversations;

    @Autowired
    Organization organization;

    @Autowired
    Environment environment;

    @Autowired
    Senders senders;

    @Autowired
    private ConversationSettings settings;

    record Sent(String to, String body, @Nullable String statusCallback, int status, boolean accepted, Instant at) {}

    record Standing(
            String state,
            @Nullable String reason,
            @Nullable String providerId,
            int attempts,
            boolean resent,
            boolean sent) {}

    /** Nobody is texted at night: the clock moves to the next morning where it must. */
    @BeforeEach
    void byDay() {
        // a test of the journeys may have moved the product's clock and nobody told the network
        sim("GET", "/sim/clock", "");
        ZonedDateTime now = clock.instant().atZone(ZONE);
        if (now.getHour() < 9 || now.getHour() >= 17) {
            ZonedDateTime morning = now.withHour(10).withMinute(0);
            forward(Duration.between(now, morning.isAfter(now) ? morning : morning.plusDays(1)));
        }
    }

    void forward(Duration by) {
        HttpResponse<String> answer = sim("POST", "/sim/clock", "{\"forward\":\"" + by + "\"}");
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("The clock answered " + answer.statusCode());
        }
    }

    /** A fictitious number that nobody else has in this test run. */
    static String aNumber() {
        int n = NUMBERS.getAndIncrement();
        return "+1%d5550%d".formatted(AREAS.get(n / PLAIN), FIRST_PLAIN + n % PLAIN);
    }

    OrgUnit hospital() {
        return organization
                .findByPath("/all/texting/")
                .orElseGet(() -> inTransaction(() -> {
                    OrgUnit unit = new OrgUnit(
                            new OrgUnitId(TimeOrderedId.next()),
                            null,
                            OrgUnit.Kind.HOSPITAL,
                            "/all/texting/",
                            "Texting",
                            "Mercy",
                            ZONE,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            OrgUnit.Phase.LIVE);
                    organization.save(unit);
                    return unit;
                }));
    }

    /** An English-speaking patient at that number, who agreed to be texted. */
    PatientId aPatient(String number) {
        return aPatient(number, "Pat", null);
    }

    /** @param birthDate none where nobody knows it: then they count as of age */
    PatientId aPatient(String number, String given, @Nullable LocalDate birthDate) {
        return aPatient(given, birthDate, List.of(new Telecom("phone", number, "mobile", 1, null, null)));
    }

    PatientId aPatient(String given, @Nullable LocalDate birthDate, List<Telecom> reached) {
        String id = "texting-" + UUID.randomUUID();
        return inTransaction(() -> {
            PatientId patient = feed.apply(new PatientRecord(
                            "ehr",
                            id,
                            clock.instant(),
                            hospital().id(),
                            List.of(new PatientFeed.Identifier("https://ehr.test/mrn", "MR", id)),
                            given,
                            "Texted",
                            birthDate,
                            null,
                            "en",
                            false,
                            ZONE,
                            "CO",
                            false,
                            null,
                            reached))
                    .patient();
            ledger.grant(
                    patients.partyOf(patient),
                    null,
                    null,
                    new ConsentLedger.Statement(
                            "intake-form", "test", "I agree to texts", "all", "test:" + id, clock.instant()));
            return patient;
        });
    }

    /** Whoever answers for it reads at its number. */
    PatientId aChild(String number, String given) {
        return aPatient(
                number, given, LocalDate.ofInstant(clock.instant(), ZONE).minusYears(8));
    }

    AddressId addressOf(String number) {
        return inTransaction(() -> patients.address(Channel.SMS, number));
    }

    SendDecision send(PatientId patient, String marker, @Nullable Instant notBefore) {
        return send(patient, marker, notBefore, clock.instant().plus(Duration.ofHours(23)));
    }

    SendDecision send(PatientId patient, String marker, @Nullable Instant notBefore, Instant expires) {
        Map<String, Object> values = new HashMap<>();
        values.put("provider", "Mercy");
        values.put("givenName", marker);
        values.put("visit", LocalDateTime.ofInstant(clock.instant().plus(Duration.ofDays(1)), ZONE));
        values.put("place", "Clinic");
        values.put("address", "1 Main St");
        values.put("parking", "none");
        values.put("phone", "303 555 0100");
        return inTransaction(() -> conversations.send(new Saying(
                "test:" + UUID.randomUUID(),
                patient,
                hospital().id(),
                null,
                "appointment-reminder",
                values,
                false,
                null,
                notBefore,
                expires,
                new Author(Author.Kind.SYSTEM, "test"),
                null)));
    }

    UUID queued(PatientId patient, String marker) {
        return idOf(send(patient, marker, null));
    }

    static UUID idOf(SendDecision decision) {
        return switch (decision) {
            case Queued queued -> queued.message().value();
            case Deferred deferred -> deferred.message().value();
            default -> throw new IllegalStateException(decision.toString());
        };
    }

    /** Queued for later, then leased by the test itself, so that no dispatcher takes it. */
    JdbcDispatch.Claim leased(PatientId patient, String marker) {
        return leased(idOf(send(patient, marker, clock.instant().plus(Duration.ofMinutes(30)))));
    }

    /** What is queued for later, leased by the test itself. */
    JdbcDispatch.Claim leased(UUID message) {
        return inTransaction(() -> jdbc.sql("""
                        update dispatch set state = 'leased', fence = fence + 1, lease_owner = 'test', lease_until = ?
                        where message_id = ? and state = 'queued' returning message_created_at, address_id, fence, units
                        """)
                .params(JdbcMessages.utc(clock.instant().plus(Duration.ofHours(12))), message)
                .query((row, n) -> new JdbcDispatch.Claim(
                        message,
                        JdbcMessages.instant(row, "message_created_at"),
                        row.getObject("address_id", UUID.class),
                        row.getInt("fence"),
                        row.getInt("units")))
                .single());
    }

    Standing standing(UUID message) {
        return inTransaction(() -> jdbc.sql(
                        "select state, reason, provider_id, attempts, resent, sent_at is not null as sent from dispatch where message_id = ?")
                .param(message)
                .query((row, n) -> new Standing(
                        row.getString("state"),
                        row.getString("reason"),
                        row.getString("provider_id"),
                        row.getInt("attempts"),
                        row.getBoolean("resent"),
                        row.getBoolean("sent")))
                .single());
    }

    void awaitState(UUID message, String state) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> standing(message).state().equals(state));
    }

    long count(String sql, Object... parameters) {
        return asOwner().sql(sql).params(parameters).query(Long.class).single();
    }

    /** The next requests to that number meet the fault. */
    void fault(String number, String fault, int times) {
        var answer = sim(
                "POST",
                "/sim/faults",
                "{\"match\":{\"to\":\"" + number + "\"},\"fault\":\"" + fault + "\",\"times\":" + times + "}");
        if (answer.statusCode() != 204) {
            throw new IllegalStateException(answer.body());
        }
    }

    /** What the carrier was asked for that number, oldest first. */
    List<Sent> requestsTo(String number) {
        return requests().getOrDefault(number, List.of());
    }

    Map<String, List<Sent>> requests() {
        JsonNode json = JSON.readTree(sim("GET", "/sim/ledger", "").body());
        return json.path("requests")
                .valueStream()
                .map(each -> new Sent(
                        each.path("to").asString(),
                        each.path("body").asString(),
                        each.path("statusCallback").asString(null),
                        each.path("status").asInt(),
                        each.path("accepted").asBoolean(),
                        Instant.parse(each.path("at").asString())))
                .collect(Collectors.groupingBy(Sent::to));
    }

    HttpResponse<String> sim(String method, String path, String json) {
        return http(HttpRequest.newBuilder(URI.create(simulator() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json)));
    }

    /** A callback as the carrier makes it: complete and signed. */
    HttpResponse<String> callback(String path, Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.putIfAbsent("AccountSid", setting("throughline.twilio.account-sid"));
        return posted(path, all, signature(setting("throughline.twilio.auth-token"), product() + path, all));
    }

    HttpResponse<String> receipt(UUID attempt, String sid, String status, @Nullable String error) {
        Map<String, String> parameters = new TreeMap<>(Map.of("MessageSid", sid, "MessageStatus", status));
        if (error != null) {
            parameters.put("ErrorCode", error);
        }
        return callback("/webhooks/twilio/status/" + attempt, parameters);
    }

    HttpResponse<String> inbound(String from, String sid, String body) {
        return callback(
                "/webhooks/twilio/inbound",
                Map.of("MessageSid", sid, "From", from, "To", "+13035550100", "Body", body));
    }

    HttpResponse<String> posted(String path, Map<String, String> parameters, @Nullable String signature) {
        String form = parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(product() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form));
        if (signature != null) {
            request.header("X-Twilio-Signature", signature);
        }
        return http(request);
    }

    /** A text from the phone that the carrier keeps and never tells us of. */
    void writesUnheard(String number, String body) {
        var answer = sim(
                "POST",
                "/sim/phones/" + URLEncoder.encode(number, StandardCharsets.UTF_8) + "/messages",
                new JsonMapper().writeValueAsString(Map.of("body", body, "lost", true)));
        if (answer.statusCode() != 201) {
            throw new IllegalStateException(answer.body());
        }
    }

    /** To that hour of the wall clock, today or else tomorrow. */
    void forwardTo(int hour) {
        ZonedDateTime now = clock.instant().atZone(ZONE);
        ZonedDateTime then = now.toLocalDate().atTime(hour, 0).atZone(ZONE);
        forward(Duration.between(now, then.isAfter(now) ? then : then.plusDays(1)));
    }

    String setting(String name) {
        return environment.getRequiredProperty(name);
    }

    void rate(int unitsPerSecond) {
        senders.rate(Channel.SMS)
                .replaceConfiguration(
                        BucketConfiguration.builder()
                                .addLimit(Bandwidth.builder()
                                        .capacity(unitsPerSecond)
                                        .refillGreedy(unitsPerSecond, Duration.ofSeconds(1))
                                        .build())
                                .build(),
                        TokensInheritanceStrategy.RESET);
    }

    /** So that a bulk is a matter of seconds; {@link #ordinaryRate} afterwards. */
    void fastRate() {
        rate(FAST);
    }

    void ordinaryRate() {
        rate(settings.unitsPerSecond());
    }

    static String aSid() {
        return "SM" + UUID.randomUUID().toString().replace("-", "");
    }

    static String signature(String token, String url, Map<String, String> parameters) {
        StringBuilder text = new StringBuilder(url);
        new TreeMap<>(parameters).forEach((name, value) -> text.append(name).append(value));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static HttpResponse<String> http(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(Duration.ofSeconds(60)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
