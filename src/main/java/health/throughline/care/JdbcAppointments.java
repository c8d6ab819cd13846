package health.throughline.care;

import health.throughline.care.Appointment.Answer;
import health.throughline.care.Appointment.Status;
import health.throughline.care.AppointmentChanged.Kind;
import health.throughline.care.JdbcAppointmentRows.Stored;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

@Service
@Transactional
class JdbcAppointments implements Appointments {

    private static final int MOST = 200;

    private final JdbcAppointmentRows rows;
    private final JdbcAppointmentParticipants participants;
    private final JdbcVisitTypes visitTypes;
    private final AppointmentFindings findings;
    private final ApplicationEventPublisher events;

    JdbcAppointments(
            JdbcAppointmentRows rows,
            JdbcAppointmentParticipants participants,
            JdbcVisitTypes visitTypes,
            AppointmentFindings findings,
            ApplicationEventPublisher events) {
        this.rows = rows;
        this.participants = participants;
        this.visitTypes = visitTypes;
        this.findings = findings;
        this.events = events;
    }

    @Override
    public Optional<Appointment> find(AppointmentId id) {
        return rows.find(id);
    }

    @Override
    @Transactional(propagation = Propagation.MANDATORY)
    public Optional<Appointment> hold(AppointmentId id) {
        return rows.hold(id);
    }

    @Override
    public boolean changedSince(AppointmentId id, int revision) {
        return rows.changedSince(id, revision);
    }

    @Override
    public Optional<Appointment> findByExternalId(String source, String externalId) {
        return Optional.ofNullable(rows.stored(source, List.of(externalId)).get(externalId))
                .map(Stored::appointment);
    }

    @Override
    public List<Appointment> of(PatientId patient) {
        return rows.of(patient, MOST);
    }

    @Override
    public String visitClass(Appointment appointment) {
        return visitType(appointment).map(VisitType::visitClass).orElse("standard");
    }

    @Override
    public Optional<String> patientSafeVisitName(Appointment appointment, String language) {
        return visitType(appointment)
                .map(VisitType::patientSafeName)
                .map(names -> names.getOrDefault(language, names.get(language.replaceFirst("-.*", ""))));
    }

    @Override
    public List<Applied> applyAll(List<AppointmentRecord> records) {
        var applied = new HashMap<AppointmentRecord, Applied>();
        for (var ofSource : bySource(records).entrySet()) {
            rows.lock(ofSource.getValue().stream()
                    .map(record -> record.patient())
                    .distinct()
                    .toList());
            apply(ofSource.getKey(), ofSource.getValue(), applied);
        }
        return records.stream()
                .map(record -> Objects.requireNonNull(applied.get(record)))
                .toList();
    }

    @Override
    public void answered(AppointmentId id, Answer answer, Instant when) {
        rows.answered(id, answer, when);
    }

    private static Map<String, List<AppointmentRecord>> bySource(List<AppointmentRecord> records) {
        var bySource = new HashMap<String, List<AppointmentRecord>>();
        records.forEach(record -> bySource.computeIfAbsent(record.source(), source -> new ArrayList<>())
                .add(record));
        return bySource;
    }

    private void apply(String source, List<AppointmentRecord> records, Map<AppointmentRecord, Applied> applied) {
        Map<String, Stored> known = rows.stored(
                source, records.stream().map(AppointmentRecord::externalId).toList());
        Set<AppointmentRecord> done = new HashSet<>();
        for (AppointmentRecord booking : records) {
            if (booking.status() != Status.BOOKED || known.containsKey(booking.externalId())) {
                continue;
            }
            Optional<AppointmentRecord> cancelled = cancelledWith(booking, records, known, done);
            if (cancelled.isPresent()) {
                AppointmentRecord cancellation = cancelled.get();
                Stored before = Objects.requireNonNull(known.get(cancellation.externalId()));
                Applied moved = move(before, cancellation, booking);
                applied.put(booking, moved);
                applied.put(cancellation, moved);
                done.add(booking);
                done.add(cancellation);
            }
        }
        for (AppointmentRecord record : records) {
            if (done.add(record)) {
                applied.put(record, apply(record, rows.stored(source, known, record.externalId())));
                rows.refresh(known, source, record.externalId());
            }
        }
    }

    private static Optional<AppointmentRecord> cancelledWith(
            AppointmentRecord booking,
            List<AppointmentRecord> records,
            Map<String, Stored> known,
            Set<AppointmentRecord> done) {
        return records.stream()
                .filter(record -> record.status() == Status.CANCELLED && !done.contains(record))
                .filter(record -> isCancellationOf(known.get(record.externalId()), record, booking))
                .findFirst();
    }

    private static boolean isCancellationOf(
            @Nullable Stored before, AppointmentRecord cancellation, AppointmentRecord booking) {
        return before != null
                && before.appointment().status() == Status.BOOKED
                && !SourceOrder.isOlder(cancellation.sequence(), before.sequence())
                && before.appointment().patient().equals(booking.patient())
                && Objects.equals(before.appointment().visitType(), booking.visitType())
                && Objects.equals(before.appointment().location(), booking.location());
    }

    private Applied apply(AppointmentRecord record, @Nullable Stored before) {
        findings.check(record);
        if (before == null) {
            return insert(record);
        }
        if (before.replaced() || SourceOrder.isOlder(record.sequence(), before.sequence())) {
            return new Applied(before.appointment(), null);
        }
        participants.set(before.appointment().id(), record.participants());
        if (AppointmentChange.same(before.appointment(), record)) {
            if (record.sequence() != before.sequence()) {
                rows.advance(before, record);
            }
            return new Applied(before.appointment(), null);
        }
        Kind kind = AppointmentChange.between(before.appointment(), record);
        if (kind == Kind.CANCELLED) {
            Optional<Stored> successor = rows.rebooked(before, record);
            if (successor.isPresent()) {
                return leave(before, record, successor.get());
            }
        }
        return publish(rows.update(before, record, kind), kind);
    }

    private Applied insert(AppointmentRecord record) {
        if (record.status() == Status.BOOKED) {
            Optional<Stored> cancelled = rows.cancelledShortlyBefore(record);
            if (cancelled.isPresent()) {
                return move(cancelled.get(), null, record);
            }
        }
        Kind kind = AppointmentChange.ofNew(record.status());
        Appointment inserted = rows.insert(record, kind);
        participants.set(inserted.id(), record.participants());
        return publish(inserted, kind);
    }

    /** The row takes the new id and stays the same appointment to journeys; a tombstone answers for the old id. */
    private Applied move(Stored before, @Nullable AppointmentRecord cancellation, AppointmentRecord booking) {
        findings.check(booking);
        Appointment moved = rows.takeOver(before, cancellation, booking);
        participants.set(moved.id(), booking.participants());
        return publish(moved, Kind.MOVED);
    }

    /** Cancelled after its successor was booked: the successor's journey speaks, this one leaves without a word. */
    private Applied leave(Stored before, AppointmentRecord record, Stored successor) {
        Appointment left = rows.update(before, record, Kind.CANCELLED);
        rows.replacedBy(left.id(), successor.appointment().id());
        return publish(left, Kind.REMOVED);
    }

    private Applied publish(Appointment appointment, @Nullable Kind kind) {
        if (kind != null) {
            events.publishEvent(new AppointmentChanged(appointment, kind));
        }
        return new Applied(appointment, kind);
    }

    private Optional<VisitType> visitType(Appointment appointment) {
        String code = appointment.visitType();
        return code == null ? Optional.empty() : visitTypes.find(appointment.source(), code);
    }
}
