package health.throughline.care;

import health.throughline.TimeOrderedId;
import health.throughline.care.Appointment.Answer;
import health.throughline.care.Appointment.Status;
import health.throughline.care.AppointmentChanged.Kind;
import health.throughline.care.Appointments.AppointmentRecord;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Writes appointments and, append-only, what happened to them. */
@Repository
class JdbcAppointmentRows {

    /** A new booking this close to a cancellation is the same visit, moved. */
    private static final Duration MOVE = Duration.ofHours(24);

    private final JdbcClient jdbc;
    private final Clock clock;

    JdbcAppointmentRows(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @param replaced another booking stands in for it; nothing the source says of the old id matters any more */
    record Stored(Appointment appointment, long sequence, boolean replaced) {}

    /** Lets the appointments of a patient change one after the other: days are gathered and moves recognised across rows. */
    void lock(List<PatientId> patients) {
        jdbc.sql("""
                select count(pg_advisory_xact_lock(k)) from (
                    select hashtextextended(p, 1) as k from unnest(:patients::text[]) as p order by 1) as keys""")
                .param("patients", patients.stream().map(PatientId::toString).toArray(String[]::new))
                .query(Long.class)
                .single();
    }

    Optional<Appointment> find(AppointmentId id) {
        return jdbc.sql("select * from appointment where id = :id")
                .param("id", id.value())
                .query(JdbcAppointmentRows::appointment)
                .optional();
    }

    boolean changedSince(AppointmentId id, int revision) {
        return jdbc.sql("""
                select exists (select 1 from appointment_event e where e.appointment_id = :id and e.revision > :revision
                    and e.kind in ('moved', 'changed', 'cancelled', 'removed'))""")
                .param("id", id.value())
                .param("revision", revision)
                .query(Boolean.class)
                .single();
    }

    Optional<Appointment> hold(AppointmentId id) {
        return jdbc.sql("select * from appointment where id = :id for no key update")
                .param("id", id.value())
                .query(JdbcAppointmentRows::appointment)
                .optional();
    }

    List<Appointment> of(PatientId patient, int most) {
        return jdbc.sql("""
                select * from appointment where patient_id = :patient and replaced_by is null
                order by start_at desc nulls last, id limit :most""")
                .param("patient", patient.value())
                .param("most", most)
                .query(JdbcAppointmentRows::appointment)
                .list();
    }

    /** By external id, as they stand. */
    Map<String, Stored> stored(String source, Collection<String> externalIds) {
        var stored = new HashMap<String, Stored>();
        jdbc.sql("select * from appointment where source = :source and external_id = any(:ids::text[])")
                .param("source", source)
                .param("ids", externalIds.toArray(String[]::new))
                .query(JdbcAppointmentRows::stored)
                .list()
                .forEach(row -> stored.put(row.appointment().externalId(), row));
        return stored;
    }

    @Nullable
    Stored stored(String source, Map<String, Stored> known, String externalId) {
        Stored row = known.get(externalId);
        return row != null && row.appointment().source().equals(source) ? row : null;
    }

    /** After a write: the next version of the same appointment in the same request must see it. */
    void refresh(Map<String, Stored> known, String source, String externalId) {
        known.putAll(stored(source, List.of(externalId)));
    }

    Appointment insert(AppointmentRecord record, @Nullable Kind kind) {
        UUID id = TimeOrderedId.next();
        bind(jdbc.sql("""
                insert into appointment (id, source, external_id, source_version, source_sequence, status, patient_id, org_unit_id,
                    location_id, visit_type, start_local, zone, start_at, end_at, itinerary_id, sensitive, created_at,
                    updated_at)
                values (:id, :source, :external, :version, :sequence, :status, :patient, :unit,
                    :location, :type, :startLocal, :zone, :start, :end, :itinerary, :sensitive, :now, :now)"""), record)
                .param("id", id)
                .param("source", record.source())
                .param("itinerary", itinerary(record, id))
                .update();
        Appointment stored = find(new AppointmentId(id)).orElseThrow();
        event(stored, record, kind);
        return stored;
    }

    Appointment update(Stored before, AppointmentRecord record, @Nullable Kind kind) {
        UUID id = before.appointment().id().value();
        boolean asked = kind == Kind.MOVED || kind == Kind.BOOKED;
        bind(jdbc.sql("""
                update appointment set external_id = :external, source_version = :version, source_sequence = :sequence,
                    status = :status, patient_id = :patient, org_unit_id = :unit, location_id = :location, visit_type = :type,
                    start_local = :startLocal, zone = :zone, start_at = :start, end_at = :end, itinerary_id = :itinerary,
                    sensitive = :sensitive,
                    revision = revision + :step, updated_at = :now,
                    answer = case when :asked then null else answer end,
                    answered_at = case when :asked then null else answered_at end
                where id = :id"""), record)
                .param("id", id)
                .param(
                        "itinerary",
                        sameDay(before.appointment(), record)
                                ? before.appointment().itinerary()
                                : itinerary(record, id))
                .param("step", kind == null ? 0 : 1)
                .param("asked", asked)
                .update();
        Appointment stored = find(new AppointmentId(id)).orElseThrow();
        event(stored, record, kind);
        return stored;
    }

    /** The source told a newer version that says the same. */
    void advance(Stored before, AppointmentRecord record) {
        jdbc.sql("update appointment set source_version = :version, source_sequence = :sequence where id = :id")
                .param("version", record.version())
                .param("sequence", record.sequence())
                .param("id", before.appointment().id().value())
                .update();
    }

    /** Lets the row stand for the new booking and leaves a tombstone under the old id. */
    Appointment takeOver(Stored before, @Nullable AppointmentRecord cancellation, AppointmentRecord booking) {
        Appointment moved = update(before, booking, Kind.MOVED);
        Appointment old = before.appointment();
        jdbc.sql("""
                insert into appointment (id, source, external_id, source_version, source_sequence, status, patient_id, org_unit_id,
                    location_id, visit_type, start_local, zone, start_at, end_at, itinerary_id, replaced_by, sensitive,
                    created_at, updated_at)
                select :id, source, :external, :version, :sequence, 'cancelled', patient_id, org_unit_id,
                    location_id, visit_type, :startLocal, zone, :start, :end, :itinerary, id, sensitive, :now, :now
                from appointment where id = :moved""")
                .param("id", TimeOrderedId.next())
                .param("external", old.externalId())
                .param("version", cancellation == null ? "moved" : cancellation.version())
                .param("sequence", cancellation == null ? before.sequence() : cancellation.sequence())
                .param("startLocal", old.startLocal(), Types.TIMESTAMP)
                .param("start", at(old.startAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("end", at(old.endAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("itinerary", old.itinerary())
                .param("moved", moved.id().value())
                .param("now", now())
                .update();
        return moved;
    }

    void replacedBy(AppointmentId old, AppointmentId successor) {
        jdbc.sql("update appointment set replaced_by = :successor where id = :old")
                .param("successor", successor.value())
                .param("old", old.value())
                .update();
    }

    /** A visit of the same kind and place, cancelled at most a day before the new booking and not yet moved elsewhere. */
    Optional<Stored> cancelledShortlyBefore(AppointmentRecord booking) {
        return jdbc.sql("""
                select a.* from appointment a
                join appointment_event e on e.appointment_id = a.id and e.kind = 'cancelled'
                where a.patient_id = :patient and a.source = :source and a.status = 'cancelled' and a.replaced_by is null
                    and a.visit_type is not distinct from :type and a.location_id is not distinct from :location
                    and e.event_at between :from and :until and a.start_at > :from
                order by e.event_at desc, a.id limit 1""")
                .param("patient", booking.patient().value())
                .param("source", booking.source())
                .param("type", booking.visitType(), Types.VARCHAR)
                .param("location", id(booking.location()), Types.OTHER)
                .param("from", booking.eventAt().minus(MOVE).atOffset(ZoneOffset.UTC))
                .param("until", booking.eventAt().plus(MOVE).atOffset(ZoneOffset.UTC))
                .query(JdbcAppointmentRows::stored)
                .optional();
    }

    /** The one visit of the same kind and place that was booked at most a day before this cancellation; none where there are several. */
    Optional<Stored> rebooked(Stored before, AppointmentRecord cancellation) {
        List<Stored> candidates = jdbc.sql("""
                select a.* from appointment a
                join appointment_event e on e.appointment_id = a.id and e.kind = 'booked'
                where a.patient_id = :patient and a.source = :source and a.id <> :id and a.status = 'booked'
                    and a.visit_type is not distinct from :type and a.location_id is not distinct from :location
                    and a.created_at > :created and e.event_at between :from and :until
                limit 2""")
                .param("patient", cancellation.patient().value())
                .param("source", cancellation.source())
                .param("id", before.appointment().id().value())
                .param("type", before.appointment().visitType(), Types.VARCHAR)
                .param("location", id(before.appointment().location()), Types.OTHER)
                .param("created", created(before.appointment().id()))
                .param("from", cancellation.eventAt().minus(MOVE).atOffset(ZoneOffset.UTC))
                .param("until", cancellation.eventAt().plus(MOVE).atOffset(ZoneOffset.UTC))
                .query(JdbcAppointmentRows::stored)
                .list();
        return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
    }

    void answered(AppointmentId id, Answer answer, Instant when) {
        int changed = jdbc.sql("""
                update appointment set answer = :answer, answered_at = :when, updated_at = :now
                where id = :id and answer is distinct from :answer""")
                .param("answer", answer.code())
                .param("when", when.atOffset(ZoneOffset.UTC))
                .param("now", now())
                .param("id", id.value())
                .update();
        if (changed == 1) {
            find(id).ifPresent(appointment -> append(appointment, "answered", "", when));
        }
    }

    /** What the EHR said to the answer. */
    void told(AppointmentId id, EhrAnswered.Result result, Instant when) {
        String kind = switch (result) {
            case ACKNOWLEDGED -> "acknowledged";
            case REJECTED, SLOT_LOST -> "refused";
            case UNANSWERED -> "unanswered";
        };
        find(id).ifPresent(appointment -> append(appointment, kind, "", when));
    }

    /** The EHR says through the encounter that the visit is over. */
    void ended(Appointment appointment, String version, Instant when) {
        append(appointment, "ended", version, when);
    }

    private OffsetDateTime created(AppointmentId id) {
        return jdbc.sql("select created_at from appointment where id = :id")
                .param("id", id.value())
                .query((row, n) -> row.getObject(1, OffsetDateTime.class))
                .single();
    }

    /** Visits of one patient on one day belong together. */
    private UUID itinerary(AppointmentRecord record, UUID otherwise) {
        LocalDateTime start = record.startLocal();
        if (start == null) {
            return otherwise;
        }
        LocalDateTime day = start.truncatedTo(ChronoUnit.DAYS);
        return jdbc.sql("""
                select itinerary_id from appointment
                where patient_id = :patient and start_local >= :day and start_local < :next and id <> :id
                    and status in ('booked', 'pending', 'arrived', 'checked-in') order by start_local, id limit 1""")
                .param("patient", record.patient().value())
                .param("day", day)
                .param("next", day.plusDays(1))
                .param("id", otherwise)
                .query(UUID.class)
                .optional()
                .orElse(otherwise);
    }

    private static boolean sameDay(Appointment before, AppointmentRecord record) {
        LocalDateTime was = before.startLocal();
        LocalDateTime is = record.startLocal();
        return was != null
                && is != null
                && was.toLocalDate().equals(is.toLocalDate())
                && before.patient().equals(record.patient());
    }

    private void event(Appointment stored, AppointmentRecord record, @Nullable Kind kind) {
        append(stored, eventKind(stored.status(), kind), record.version(), record.eventAt());
    }

    private void append(Appointment appointment, String kind, String version, Instant eventAt) {
        jdbc.sql("""
                insert into appointment_event
                    (id, appointment_id, kind, source_version, revision, event_at, received_at, detail)
                values (:id, :appointment, :kind, :version, :revision, :eventAt, :now, jsonb_strip_nulls(jsonb_build_object(
                    'startLocal', :startLocal::timestamp, 'location', :location::uuid, 'answer', :answer::text)))""")
                .param("id", TimeOrderedId.next())
                .param("appointment", appointment.id().value())
                .param("kind", kind)
                .param("version", version)
                .param("revision", appointment.revision())
                .param("eventAt", eventAt.atOffset(ZoneOffset.UTC))
                .param("now", now())
                .param("startLocal", appointment.startLocal())
                .param(
                        "location",
                        appointment.location() == null
                                ? null
                                : appointment.location().value())
                .param(
                        "answer",
                        appointment.answer() == null
                                ? null
                                : appointment.answer().code())
                .update();
    }

    private static String eventKind(Status status, @Nullable Kind kind) {
        if (kind != null) {
            return kind.name().toLowerCase(java.util.Locale.ROOT);
        }
        return switch (status) {
            case CANCELLED -> "cancelled";
            case FULFILLED -> "ended";
            case NOSHOW -> "no_show";
            case ENTERED_IN_ERROR -> "removed";
            case PROPOSED, PENDING, WAITLIST, BOOKED, ARRIVED, CHECKED_IN -> "changed";
        };
    }

    private JdbcClient.StatementSpec bind(JdbcClient.StatementSpec sql, AppointmentRecord record) {
        return sql.param("external", record.externalId())
                .param("version", record.version())
                .param("sequence", record.sequence())
                .param("status", record.status().code())
                .param("patient", record.patient().value())
                .param("unit", record.orgUnit().value())
                .param("location", id(record.location()), Types.OTHER)
                .param("type", record.visitType(), Types.VARCHAR)
                .param("startLocal", record.startLocal(), Types.TIMESTAMP)
                .param("zone", record.zone().getId())
                .param("start", at(record.startAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("end", at(record.endAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("sensitive", record.sensitive())
                .param("now", now());
    }

    private static Stored stored(ResultSet row, int number) throws SQLException {
        return new Stored(
                appointment(row, number),
                row.getLong("source_sequence"),
                row.getObject("replaced_by", UUID.class) != null);
    }

    private static Appointment appointment(ResultSet row, int number) throws SQLException {
        UUID location = row.getObject("location_id", UUID.class);
        String answer = row.getString("answer");
        return new Appointment(
                new AppointmentId(row.getObject("id", UUID.class)),
                row.getString("source"),
                row.getString("external_id"),
                Status.ofCode(row.getString("status")),
                new PatientId(row.getObject("patient_id", UUID.class)),
                new OrgUnitId(row.getObject("org_unit_id", UUID.class)),
                location == null ? null : new OrgUnitId(location),
                row.getString("visit_type"),
                row.getObject("start_local", LocalDateTime.class),
                ZoneId.of(row.getString("zone")),
                instant(row, "start_at"),
                instant(row, "end_at"),
                row.getObject("itinerary_id", UUID.class),
                row.getInt("revision"),
                answer == null ? null : Answer.ofCode(answer),
                row.getBoolean("sensitive"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }

    private static @Nullable UUID id(@Nullable OrgUnitId unit) {
        return unit == null ? null : unit.value();
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }
}
