package health.throughline.care;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.care.Appointment.Status;
import health.throughline.care.AppointmentChanged.Kind;
import health.throughline.care.Appointments.AppointmentRecord;
import health.throughline.organization.OrgUnitId;
import health.throughline.patient.PatientId;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AppointmentChangeTest {

    private static final PatientId PATIENT = new PatientId(UUID.randomUUID());
    private static final OrgUnitId UNIT = new OrgUnitId(UUID.randomUUID());
    private static final ZoneId ZONE = ZoneId.of("America/Denver");
    private static final Instant THURSDAY = Instant.parse("2026-03-05T16:30:00Z");

    @Test
    void tellsWhatAPatientWouldNotice() {
        assertThat(change(Status.PENDING, Status.BOOKED, THURSDAY)).isEqualTo(Kind.BOOKED);
        assertThat(change(Status.BOOKED, Status.BOOKED, THURSDAY.plusSeconds(3600)))
                .isEqualTo(Kind.MOVED);
        assertThat(change(Status.BOOKED, Status.CANCELLED, THURSDAY)).isEqualTo(Kind.CANCELLED);
        assertThat(change(Status.CANCELLED, Status.BOOKED, THURSDAY)).isEqualTo(Kind.BOOKED);
        assertThat(change(Status.BOOKED, Status.CHECKED_IN, THURSDAY)).isEqualTo(Kind.ARRIVED);
        assertThat(change(Status.ARRIVED, Status.CHECKED_IN, THURSDAY)).isNull();
        assertThat(change(Status.BOOKED, Status.NOSHOW, THURSDAY)).isEqualTo(Kind.NO_SHOW);
        assertThat(change(Status.BOOKED, Status.ENTERED_IN_ERROR, THURSDAY)).isEqualTo(Kind.REMOVED);
        assertThat(change(Status.BOOKED, Status.BOOKED, THURSDAY)).isNull();
    }

    @Test
    void saysNothingOfWhatWasAlreadyOverWhenFirstHeardOf() {
        assertThat(AppointmentChange.ofNew(Status.FULFILLED)).isNull();
        assertThat(AppointmentChange.ofNew(Status.CANCELLED)).isNull();
        assertThat(AppointmentChange.ofNew(Status.ENTERED_IN_ERROR)).isNull();
        assertThat(AppointmentChange.ofNew(Status.BOOKED)).isEqualTo(Kind.BOOKED);
    }

    @Test
    void ordersVersionsByNumberOrByTimeButNotOneByTheOther() {
        long time = THURSDAY.toEpochMilli();
        assertThat(SourceOrder.isOlder(3, 4)).isTrue();
        assertThat(SourceOrder.isOlder(4, 4)).isFalse();
        assertThat(SourceOrder.isOlder(time - 1, time)).isTrue();
        assertThat(SourceOrder.isOlder(5, time)).isFalse();
    }

    private static @org.jspecify.annotations.Nullable Kind change(Status before, Status after, Instant start) {
        LocalDateTime thursday = LocalDateTime.ofInstant(THURSDAY, ZONE);
        var stored = new Appointment(
                new AppointmentId(UUID.randomUUID()),
                "ehr",
                "a",
                before,
                PATIENT,
                UNIT,
                null,
                "GEN-FU",
                thursday,
                ZONE,
                THURSDAY,
                null,
                UUID.randomUUID(),
                1,
                null,
                false);
        return AppointmentChange.between(
                stored,
                new AppointmentRecord(
                        "ehr",
                        "a",
                        "2",
                        2,
                        THURSDAY,
                        after,
                        PATIENT,
                        UNIT,
                        null,
                        "GEN-FU",
                        LocalDateTime.ofInstant(start, ZONE),
                        ZONE,
                        start,
                        null,
                        List.of()));
    }
}
