package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.Browser;
import health.throughline.TimeOrderedId;
import health.throughline.access.CredentialsIssuer;
import health.throughline.access.Role;
import health.throughline.channel.OutboundMessage;
import health.throughline.conversation.Conversations.Author;
import health.throughline.conversation.Conversations.Origin;
import health.throughline.conversation.Conversations.Saying;
import health.throughline.organization.Holds;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** F7: once a hold is committed, nothing it covers starts; once it is lifted, what is still true goes, once. */
@Tag("faults")
class HoldTest extends TextingTest {

    private static final int MESSAGES = Integer.getInteger("throughline.test.messages", 300);
    private static final int ADDRESSES = 60;
    private static final String PASSWORD = "a long enough passphrase";
    private static final JsonMapper JSON = new JsonMapper();

    @Autowired
    private Attempts attempts;

    @Autowired
    private Holds holds;

    @Autowired
    private CredentialsIssuer issuer;

    private Browser supervisor;

    @BeforeEach
    void aSupervisor() {
        supervisor = signedIn(Role.SUPERVISOR, hospital());
    }

    @AfterEach
    void nothingStaysOnHold() {
        holds.inForce().forEach(hold -> holds.lift(hold.id(), "the test is over"));
    }

    @Test
    void startsNothingAfterAHoldThatComesIntoABulkSendAndSendsEachOnceWhenItIsLifted() {
        List<String> numbers =
                IntStream.range(0, ADDRESSES).mapToObj(i -> aNumber()).toList();
        List<PatientId> everybody = new ArrayList<>();
        for (int i = 0; i < (MESSAGES + 1) / 2; i++) {
            everybody.add(aPatient(numbers.get(i % ADDRESSES)));
        }
        rate(1);
        try {
            Map<String, UUID> messages = new HashMap<>();
            for (int i = 0; i < MESSAGES; i++) {
                String marker = "hold" + i + "x";
                messages.put(marker, queued(everybody.get(i % everybody.size()), marker));
            }
            Object ids = messages.values().toArray(UUID[]::new);
            fastRate();
            await().atMost(Duration.ofSeconds(30)).until(() -> started(ids).size() > MESSAGES / 20);

            JsonNode hold = good(post("/api/v1/holds", """
                    {"scope":"org_unit","value":"%s","reason":"The reminders name the wrong building"}
                    """.formatted(hospital().path())), 201);
            Set<UUID> before = started(ids);
            String id = hold.path("id").asString();

            await().atMost(Duration.ofMinutes(5)).until(() -> count("""
                            select count(*) from dispatch where message_id = any(?)
                            and (state in ('leased', 'attempting', 'unknown') or state = 'queued' and held_by is null)
                            """, ids) == 0);
            assertThat(started(ids)).as("attempts after the hold").isEqualTo(before);
            long atTheCarrier = asked(ids).size();
            assertThat(atTheCarrier).isEqualTo(before.size()).isLessThan(MESSAGES);
            int stopped = MESSAGES - before.size();
            assertThat(get("/api/v1/holds/" + id).path("stopped").asInt()).isEqualTo(stopped);

            JsonNode preview = get("/api/v1/holds/" + id + "/preview");
            assertThat(preview.path("covered").asInt()).isEqualTo(stopped);
            assertThat(preview.path("typed").asBoolean()).isEqualTo(stopped > 50);
            assertThat(preview.path("goesNow").path("count").asInt())
                    .isEqualTo(Math.min(stopped, preview.path("lookedAt").asInt()));
            assertThat(preview.path("goesNow")
                            .path("first")
                            .path(0)
                            .path("template")
                            .asString())
                    .isEqualTo("appointment-reminder");
            HttpResponse<String> untyped = post("/api/v1/holds/" + id + "/lift", "{}");
            assertThat(untyped.statusCode()).isEqualTo(422);
            assertThat(untyped.body()).contains("\"field\":\"confirm\"", String.valueOf(stopped));
            long begun = System.nanoTime();
            good(post("/api/v1/holds/" + id + "/lift", "{\"confirm\":" + stopped + "}"), 200);

            await().atMost(Duration.ofMinutes(10)).until(() -> count("""
                            select count(*) from dispatch where message_id = any(?)
                            and state in ('queued', 'leased', 'attempting', 'unknown')
                            """, ids) == 0);
            Map<UUID, Integer> asked = asked(ids);
            assertThat(asked).hasSize(MESSAGES);
            assertThat(asked.values()).as("each once").allMatch(times -> times == 1);
            System.out.printf(
                    "Hold: %d messages, %d attempts before it, %d after it while it stood, %d sent once each in %d s after it was lifted%n",
                    MESSAGES,
                    before.size(),
                    started(ids).size() - before.size() - stopped,
                    stopped,
                    Duration.ofNanos(System.nanoTime() - begun).toSeconds());
        } finally {
            ordinaryRate();
        }
    }

    @Test
    void anAttemptWaitsForAHoldThatIsBeingPlacedAndThenDoesNotStart() throws Exception {
        PatientId patient = aPatient(aNumber());
        var claim = leased(patient, "waiting");
        var sending = new Holds.Sending(hospital().id(), null, "sms", null);
        List<CompletableFuture<Optional<OutboundMessage>>> attempt = new ArrayList<>();
        boolean wouldHaveStarted = inTransaction(() -> {
            holds.place(hospital().id(), Holds.Scope.SYSTEM, "", "test", null);
            // control: who only looks, without waiting, sees no hold yet and would start
            boolean blind = CompletableFuture.supplyAsync(() -> holds.covering(sending))
                    .join()
                    .isEmpty();
            attempt.add(CompletableFuture.supplyAsync(() -> attempts.start(claim, "test")));
            awaitBlocked();
            assertThat(attempt.getFirst()).isNotDone();
            return blind;
        });
        assertThat(wouldHaveStarted).isTrue();
        assertThat(attempt.getFirst().get()).isEmpty();
        assertThat(standing(claim.message()))
                .extracting(Standing::state, Standing::reason)
                .containsExactly("queued", "held");
        assertThat(count("select count(*) from attempt where message_id = ?", claim.message()))
                .isZero();
    }

    @Test
    void aHoldWaitsForAnAttemptThatIsStarting() throws Exception {
        PatientId patient = aPatient(aNumber());
        var claim = leased(patient, "starting");
        List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
        inTransaction(() -> {
            OutboundMessage started = attempts.start(claim, "test").orElseThrow();
            held.add(CompletableFuture.supplyAsync(
                    () -> post("/api/v1/holds", "{\"scope\":\"system\",\"reason\":\"test\"}")));
            awaitBlocked();
            assertThat(held.getFirst()).isNotDone();
            return started;
        });
        JsonNode hold = good(held.getFirst().get(), 201);
        assertThat(hold.path("onTheirWay").asInt()).isEqualTo(1);
        asOwner()
                .sql("update dispatch set state = 'failed' where message_id = ?")
                .param(claim.message())
                .update();
    }

    @Test
    void coversWhatItNamesAndNothingElse() {
        OrgUnit here = aPlace("here");
        OrgUnit there = aPlace("there");
        check("{\"scope\":\"location\",\"value\":\"" + here.id() + "\"", "pre-visit", here, "pre-visit", there);
        check("{\"scope\":\"org_unit\",\"value\":\"" + here.path() + "\"", "pre-visit", here, "pre-visit", there);
        check("{\"scope\":\"journey\",\"value\":\"pre-visit\"", "pre-visit", here, "other", here);
        check("{\"scope\":\"channel\",\"value\":\"SMS\"", "pre-visit", here, null, null);
        check("{\"scope\":\"channel\",\"value\":\"voice\"", null, null, "pre-visit", here);
        check("{\"scope\":\"system\"", "pre-visit", here, null, null);
    }

    @Test
    void coversOnlyWhatBelongsToTheUnitOfWhoPlacedIt() {
        OrgUnit elsewhere = anotherHospital();
        good(
                send(
                        signedIn(Role.SUPERVISOR, elsewhere),
                        "/api/v1/holds",
                        "{\"scope\":\"system\",\"reason\":\"ours\"}"),
                201);
        var claim = leased(aPatient(aNumber()), "not-theirs");
        assertThat(attempts.start(claim, "test")).isPresent();
        asOwner()
                .sql("update dispatch set state = 'failed' where message_id = ?")
                .param(claim.message())
                .update();
        assertThat(get("/api/v1/holds").path("items").size()).isZero();
    }

    @Test
    void saysWhatIsWrongWithAHold() {
        assertThat(problem("{\"scope\":\"building\",\"reason\":\"x\"}")).isEqualTo("scope");
        assertThat(problem("{\"reason\":\"x\"}")).isEqualTo("scope");
        assertThat(problem("{\"scope\":\"system\"}")).isEqualTo("reason");
        assertThat(problem("{\"scope\":\"system\",\"reason\":\"  \"}")).isEqualTo("reason");
        assertThat(problem("{\"scope\":\"system\",\"value\":\"all\",\"reason\":\"x\"}"))
                .isEqualTo("value");
        assertThat(problem("{\"scope\":\"journey\",\"value\":\"no-such\",\"reason\":\"x\"}"))
                .isEqualTo("value");
        assertThat(problem("{\"scope\":\"channel\",\"value\":\"pigeon\",\"reason\":\"x\"}"))
                .isEqualTo("value");
        assertThat(problem("{\"scope\":\"org_unit\",\"value\":\"nonsense\",\"reason\":\"x\"}"))
                .isEqualTo("value");
        assertThat(problem("{\"scope\":\"location\",\"value\":\"" + hospital().id() + "\",\"reason\":\"x\"}"))
                .isEqualTo("value");
        assertThat(problem("{\"scope\":\"org_unit\",\"value\":\""
                        + anotherHospital().id() + "\",\"reason\":\"x\"}"))
                .as("another hospital's unit")
                .isEqualTo("value");
        assertThat(problem("{\"scope\":\"system\",\"reason\":\"x\",\"until\":\"2020-01-01T00:00:00Z\"}"))
                .isEqualTo("until");
        assertThat(holds.inForce()).isEmpty();
        String id = good(post("/api/v1/holds", "{\"scope\":\"system\",\"reason\":\"once\"}"), 201)
                .path("id")
                .asString();
        good(post("/api/v1/holds/" + id + "/lift", ""), 200);
        assertThat(post("/api/v1/holds/" + id + "/lift", "").statusCode()).isEqualTo(409);
        assertThat(supervisor.get("/api/v1/holds/" + id + "/preview").statusCode())
                .isEqualTo(409);
        assertThat(post("/api/v1/holds/" + UUID.randomUUID() + "/lift", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void showsWhatWouldGoWhatWaitsForTheMorningAndDropsWhatCameTooLate() {
        PatientId patient = aPatient(aNumber());
        String id = good(post("/api/v1/holds", "{\"scope\":\"system\",\"reason\":\"preview\"}"), 201)
                .path("id")
                .asString();
        UUID message = queued(patient, "later");
        await().until(() -> "held".equals(standing(message).reason()));
        assertThat(get("/api/v1/holds/" + id + "/preview")
                        .path("goesNow")
                        .path("count")
                        .asInt())
                .isEqualTo(1);

        forward(Duration.between(
                clock.instant(),
                clock.instant().atZone(ZONE).withHour(22).withMinute(0).toInstant()));
        JsonNode night = get("/api/v1/holds/" + id + "/preview");
        assertThat(night.path("waits").path("count").asInt()).isEqualTo(1);
        assertThat(night.path("waits").path("reasons").path(0).path("reason").asString())
                .isEqualTo("K10.quiet-hours");
        assertThat(night.toString())
                .doesNotContain(
                        "later", "Pat", patients.find(patient).orElseThrow().familyName());

        forward(Duration.ofHours(16));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> standing(message).state().equals("suppressed"));
        assertThat(standing(message).reason()).isEqualTo("expired");
        assertThat(requestsTo(patients.find(patient)
                        .orElseThrow()
                        .reachable()
                        .getFirst()
                        .address()
                        .value()))
                .isEmpty();
    }

    @Test
    void endsByItselfWhenItsTimeIsOver() {
        UUID message;
        Instant until = clock.instant().plus(Duration.ofMinutes(30));
        good(
                post("/api/v1/holds", "{\"scope\":\"system\",\"reason\":\"for a while\",\"until\":\"" + until + "\"}"),
                201);
        message = queued(aPatient(aNumber()), "awhile");
        await().until(() -> "held".equals(standing(message).reason()));
        forward(Duration.ofMinutes(31));
        awaitState(message, "delivered");
        assertThat(get("/api/v1/holds").path("items").size()).isZero();
    }

    @Test
    void costsAnAttemptNextToNothing() {
        var sending = new Holds.Sending(
                hospital().id(), "pre-visit", "sms", hospital().id());
        int times = 400;
        long[] spent = new long[2];
        for (int round = 0; round < 2; round++) {
            long locked = System.nanoTime();
            for (int i = 0; i < times; i++) {
                inTransaction(() -> holds.keepingBack(sending));
            }
            long looked = System.nanoTime();
            for (int i = 0; i < times; i++) {
                inTransaction(() -> holds.covering(sending));
            }
            spent[0] = (looked - locked) / times;
            spent[1] = (System.nanoTime() - looked) / times;
        }
        System.out.printf("Hold check: %d µs with the lock, %d µs without it%n", spent[0] / 1000, spent[1] / 1000);
        assertThat(Duration.ofNanos(spent[0] - spent[1])).isLessThan(Duration.ofMillis(5));
    }

    private void check(
            String hold,
            @Nullable String journey,
            @Nullable OrgUnit place,
            @Nullable String freeJourney,
            @Nullable OrgUnit freePlace) {
        String id = good(post("/api/v1/holds", hold + ",\"reason\":\"test\"}"), 201)
                .path("id")
                .asString();
        if (place != null) {
            assertThat(attempts.start(leasedOf(journey, place), "test"))
                    .as("%s covers %s at %s", hold, journey, place.name())
                    .isEmpty();
        }
        if (freePlace != null) {
            var claim = leasedOf(freeJourney, freePlace);
            assertThat(attempts.start(claim, "test"))
                    .as("%s leaves %s at %s", hold, freeJourney, freePlace.name())
                    .isPresent();
            asOwner()
                    .sql("update dispatch set state = 'failed' where message_id = ?")
                    .param(claim.message())
                    .update();
        }
        good(post("/api/v1/holds/" + id + "/lift", ""), 200);
    }

    /** Said by that journey about a visit at that place, and leased by the test. */
    private JdbcDispatch.Claim leasedOf(@Nullable String journey, OrgUnit place) {
        PatientId patient = aPatient(aNumber());
        Map<String, Object> values = new HashMap<>();
        for (String name : List.of("provider", "givenName", "place", "address", "phone")) {
            values.put(name, "x");
        }
        values.put("parking", "none");
        values.put(
                "visit", clock.instant().plus(Duration.ofDays(1)).atZone(ZONE).toLocalDateTime());
        UUID message = idOf(inTransaction(() -> conversations.send(new Saying(
                "test:" + UUID.randomUUID(),
                patient,
                hospital().id(),
                place.id(),
                "appointment-reminder",
                values,
                false,
                null,
                clock.instant().plus(Duration.ofMinutes(20)),
                clock.instant().plus(Duration.ofHours(20)),
                new Author(Author.Kind.JOURNEY, String.valueOf(journey)),
                new Origin(UUID.randomUUID(), String.valueOf(journey), "none", "none", null, null, 1)))));
        return inTransaction(() -> jdbc.sql("""
                        update dispatch set state = 'leased', fence = fence + 1, lease_owner = 'test', lease_until = ?
                        where message_id = ? returning message_created_at, address_id, fence, units
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

    private OrgUnit aPlace(String name) {
        String slug = name + "-" + UUID.randomUUID().toString().substring(0, 8);
        return unit(OrgUnit.Kind.LOCATION, hospital().path() + slug + "/", name);
    }

    private OrgUnit anotherHospital() {
        String slug = "other-" + UUID.randomUUID().toString().substring(0, 8);
        return unit(OrgUnit.Kind.HOSPITAL, "/all/" + slug + "/", slug);
    }

    private OrgUnit unit(OrgUnit.Kind kind, String path, String name) {
        return inTransaction(() -> {
            OrgUnit unit = new OrgUnit(
                    new OrgUnitId(TimeOrderedId.next()),
                    null,
                    kind,
                    path,
                    name,
                    name,
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
        });
    }

    private Browser signedIn(Role role, OrgUnit unit) {
        String username = role.code() + "-" + UUID.randomUUID();
        issuer.createUser(username, "Hold " + role.code(), role, unit.id(), PASSWORD);
        Browser browser = new Browser(product());
        assertThat(browser.signIn(username, PASSWORD).statusCode()).isEqualTo(204);
        return browser;
    }

    private Set<UUID> started(Object messages) {
        return new HashSet<>(asOwner()
                .sql("select id from attempt where message_id = any(?)")
                .param(messages)
                .query(UUID.class)
                .list());
    }

    /** How often the carrier was asked to send the text with each of these names in it. */
    /** How often the carrier was asked for each message: the address for its reports names the attempt. */
    private Map<UUID, Integer> asked(Object ids) {
        Map<String, UUID> attempts = new HashMap<>();
        asOwner()
                .sql("select id, message_id from attempt where message_id = any(?)")
                .param(ids)
                .query(row -> {
                    attempts.put(row.getString("id"), row.getObject("message_id", UUID.class));
                });
        return requests().values().stream()
                .flatMap(List::stream)
                .map(sent -> attempts.get(String.valueOf(sent.statusCallback()).replaceAll(".*/", "")))
                .filter(Objects::nonNull)
                .collect(Collectors.toMap(message -> message, message -> 1, Integer::sum));
    }

    private void awaitBlocked() {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> count("select count(*) from pg_locks where not granted") > 0);
    }

    private String problem(String json) {
        HttpResponse<String> answer = post("/api/v1/holds", json);
        assertThat(answer.statusCode()).isEqualTo(422);
        return JSON.readTree(answer.body()).path("field").asString();
    }

    private HttpResponse<String> post(String path, String json) {
        return send(supervisor, path, json);
    }

    private HttpResponse<String> send(Browser who, String path, String json) {
        return who.post(path, json);
    }

    private JsonNode get(String path) {
        return good(supervisor.get(path), 200);
    }

    private static JsonNode good(HttpResponse<String> answer, int status) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }
}
