package health.throughline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import health.throughline.ThroughlineTest;
import health.throughline.access.CredentialsIssuer;
import health.throughline.organization.Organization;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;

/** A clinic of its own for each test, on the morning of a fresh day, and the words to tell a story with. */
public abstract class ScenarioTest extends ThroughlineTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What may be said together waits a moment for the others. */
    private static final Duration GATHERED = Duration.ofSeconds(3);

    @Autowired
    private CredentialsIssuer issuer;

    @Autowired
    private Organization organization;

    private Api api;
    protected Clinic clinic;
    protected ClinicTime time;

    @BeforeEach
    void aMorningAtTheClinic() {
        var root = organization.findByPath("/all/").orElseThrow().id();
        var api = new Api(
                product(),
                issuer.createApiKey("scenario-" + UUID.randomUUID(), CredentialsIssuer.SCOPES, root)
                        .token());
        time = new ClinicTime(clock, api, () -> {
            if (clinic != null) {
                everythingSettles();
            }
        });
        time.nextDay(8, 30);
        this.api = api;
        clinic = anotherClinic();
    }

    /** Of another hospital. */
    protected Clinic anotherClinic() {
        return new Clinic(api, product(), simulator(), issuer, organization, time);
    }

    protected static ConditionFactory soon() {
        return await().atMost(LIMIT).pollInterval(Duration.ofMillis(100));
    }

    /** Until nothing of this clinic is due now: no step, no text, no reply. What has not happened by then does not happen by itself. */
    protected void everythingSettles() {
        soon().untilAsserted(() -> assertThat(unsettled()).isEmpty());
    }

    private List<String> unsettled() {
        return inTransaction(() -> jdbc.sql("""
                        select 'step ' || j.handler_type_ from act_ru_job j
                            join act_ru_execution e on e.id_ = j.process_instance_id_
                            join journey_instance i on i.root_process_id = e.root_proc_inst_id_
                            join org_unit u on u.id = i.org_unit_id
                            where u.path like :clinic and j.duedate_ <= :now and j.retries_ > 0
                        union all
                        select 'text ' || d.state from dispatch d join org_unit u on u.id = d.org_unit_id
                            where u.path like :clinic
                            and (d.state in ('leased', 'attempting') or d.state = 'queued' and d.due_at <= :gathered)
                        union all
                        select 'word to the EHR' from ehr_write w join org_unit u on u.id = w.org_unit_id
                            where u.path like :clinic and w.state = 'queued' and w.due_at <= :now
                        union all
                        select 'reply' from inbound_work w where w.state = 'received' and w.address_id in (
                            select d.address_id from dispatch d join org_unit u on u.id = d.org_unit_id where u.path like :clinic)
                        """)
                .param("clinic", clinic.path() + "%")
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("gathered", clock.instant().plus(GATHERED).atOffset(ZoneOffset.UTC))
                .query(String.class)
                .list());
    }

    /** A journey of the patient's: how it stands, and as what it ended. */
    public record Way(UUID id, String state, @Nullable String outcome, String process) {}

    /** The oldest first. */
    protected List<Way> journeysOf(Clinic.Patient patient) {
        return inTransaction(() -> jdbc.sql("""
                        select i.id, i.state, i.outcome, i.root_process_id from journey_instance i
                        where i.patient_id = ? order by i.started_at, i.id
                        """)
                .param(patient.id())
                .query((row, n) ->
                        new Way(row.getObject(1, UUID.class), row.getString(2), row.getString(3), row.getString(4)))
                .list());
    }

    protected Way journeyOf(Clinic.Patient patient) {
        List<Way> ways = journeysOf(patient);
        assertThat(ways).hasSize(1);
        return ways.getFirst();
    }

    protected void journeyEnds(Clinic.Patient patient, String state, String outcome) {
        soon().untilAsserted(() -> assertThat(journeysOf(patient))
                .last()
                .extracting(Way::state, Way::outcome)
                .containsExactly(state, outcome));
    }

    /** What the record of the visit says the patient answered. */
    protected @Nullable String answerTo(Clinic.Visit visit) {
        return inTransaction(() -> jdbc.sql("select coalesce(answer, 'none') from appointment where external_id = ?")
                .param(visit.id())
                .query(String.class)
                .single());
    }

    /** How every message to the patient stands, the oldest first. */
    protected List<String> messagesTo(Clinic.Patient patient) {
        return inTransaction(() -> jdbc.sql(
                        "select state from dispatch where patient_id = ? order by message_created_at, message_id")
                .param(patient.id())
                .query(String.class)
                .list());
    }
}
