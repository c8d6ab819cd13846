package health.throughline.coordination;

import health.throughline.access.AccessScope;
import health.throughline.access.Caller;
import health.throughline.access.Invalid;
import health.throughline.access.NotFound;
import health.throughline.access.Staff;
import health.throughline.audit.Audit;
import health.throughline.channel.Channel;
import health.throughline.consent.ConsentLedger;
import health.throughline.consent.Purpose;
import health.throughline.organization.Coverage;
import health.throughline.organization.Coverage.OnCall;
import health.throughline.organization.Coverage.Queue;
import health.throughline.organization.OrgUnit;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.Organization;
import health.throughline.organization.StaffedHours;
import health.throughline.patient.AddressId;
import health.throughline.patient.Parties;
import health.throughline.patient.PartyId;
import health.throughline.patient.Patients;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Who works a unit's queue, when, and who is called. */
@RestController
@RequestMapping("/api/v1/queues")
@Tag(name = "Queues")
class QueuesController {

    private static final String NAME = "Care coordination";
    private static final int MOST = 20;
    private static final int MOST_CLOSURES = 200;
    private static final int LONGEST_NAME = 80;
    private static final Pattern SPAN = Pattern.compile("(\\d{2}:\\d{2})-(\\d{2}:\\d{2})");

    private final Coverage coverage;
    private final Organization organization;
    private final Patients patients;
    private final Parties parties;
    private final ConsentLedger ledger;
    private final Staff staff;
    private final Audit audit;
    private final TransactionTemplate transaction;
    private final Clock clock;

    QueuesController(
            Coverage coverage,
            Organization organization,
            Patients patients,
            Parties parties,
            ConsentLedger ledger,
            Staff staff,
            Audit audit,
            TransactionTemplate transaction,
            Clock clock) {
        this.coverage = coverage;
        this.organization = organization;
        this.patients = patients;
        this.parties = parties;
        this.ledger = ledger;
        this.staff = staff;
        this.audit = audit;
        this.transaction = transaction;
        this.clock = clock;
    }

    @Schema(name = "OnCallPerson")
    record Person(
            @Nullable String name,
            @Nullable String phone,
            @Nullable String username) {}

    @Schema(name = "StaffedHours")
    record Hours(
            @Schema(description = "By weekday: spans such as 08:00-17:00")
            Map<String, List<String>> days,

            @Schema(description = "Days closed, as 2026-12-25")
            List<String> closures) {}

    @Schema(name = "QueueSettings")
    record Settings(
            @Nullable Hours hours,
            @Nullable List<String> covering,
            @Nullable List<Person> onCall) {}

    @Schema(name = "Queue")
    record Shown(
            UUID orgUnit,
            String name,
            String path,
            String zone,

            @Schema(description = "None: as the unit above") @Nullable
            Hours hours,

            boolean openNow,
            List<String> covering,
            List<Person> onCall,

            @Schema(description = "Whether anybody would be called, here or from a unit above")
            boolean covered) {}

    @Schema(name = "QueueList")
    record Queues(List<Shown> items) {}

    @GetMapping
    @Operation(summary = "The queues of the caller's units: staffed hours, who covers them, who is called")
    Queues list(@AuthenticationPrincipal Caller caller) {
        return inTransaction(() -> {
            audit.record(Audit.Entry.done("queue.list", "org_unit", caller.unit(), null));
            return new Queues(organization.all().stream()
                    .filter(unit -> isBelow(unit, caller))
                    .map(this::shown)
                    .toList());
        });
    }

    @GetMapping("/{unit}")
    @Operation(summary = "The queue of a unit")
    Shown read(@PathVariable UUID unit, @AuthenticationPrincipal Caller caller) {
        return inTransaction(() -> shown(find(unit, caller)));
    }

    @PutMapping("/{unit}")
    @Operation(
            summary =
                    "Set the hours, the people who cover it and the on-call chain, in the order in which they are paged")
    Shown save(@PathVariable UUID unit, @RequestBody Settings settings, @AuthenticationPrincipal Caller caller) {
        OrgUnit found = find(unit, caller);
        StaffedHours hours = hours(settings.hours(), found);
        List<String> covering = covering(settings.covering());
        List<Person> people = settings.onCall() == null ? List.of() : settings.onCall();
        check(people);
        return inTransaction(() -> {
            List<OnCall> chain = new ArrayList<>();
            for (int n = 0; n < people.size(); n++) {
                chain.add(onCall(people.get(n), n, found, caller));
            }
            coverage.save(found.id(), new Queue(NAME, hours, covering, chain));
            return shown(found);
        });
    }

    /** With the product's own rights: what belongs to the caller is decided above, and staff numbers are no patient's. */
    private <T> T inTransaction(java.util.function.Supplier<T> work) {
        return AccessScope.system().run(() -> Objects.requireNonNull(transaction.execute(status -> work.get())));
    }

    private boolean isBelow(OrgUnit unit, Caller caller) {
        return unit.path()
                .startsWith(organization.find(caller.unit()).map(OrgUnit::path).orElse("/nowhere/"));
    }

    private OrgUnit find(UUID id, Caller caller) {
        return organization
                .find(new OrgUnitId(id))
                .filter(unit -> isBelow(unit, caller))
                .orElseThrow(() -> new NotFound("org_unit", id));
    }

    private OnCall onCall(Person person, int place, OrgUnit unit, Caller caller) {
        AddressId phone;
        try {
            phone = patients.address(Channel.SMS, String.valueOf(person.phone()));
        } catch (IllegalArgumentException e) {
            throw new Invalid("onCall[" + place + "].phone", "onCall[" + place + "].phone " + e.getMessage() + ".");
        }
        String name = String.valueOf(person.name()).strip();
        PartyId party = parties.staff(phone, unit.id(), name);
        ledger.grant(
                party,
                phone,
                Purpose.OPERATIONAL,
                new ConsentLedger.Statement(
                        "staff",
                        caller.getName(),
                        null,
                        "on-call pages",
                        "queue:" + unit.id() + ":" + phone.value(),
                        clock.instant()));
        String username = person.username();
        return new OnCall(
                name, party.value(), phone.value(), username == null || username.isBlank() ? null : username.strip());
    }

    private void check(List<Person> people) {
        if (people.size() > MOST) {
            throw new Invalid("onCall", "A chain has at most " + MOST + " people.");
        }
        Set<String> phones = new HashSet<>();
        for (int n = 0; n < people.size(); n++) {
            Person person = people.get(n);
            String field = "onCall[" + n + "]";
            if (person.name() == null
                    || person.name().isBlank()
                    || person.name().length() > LONGEST_NAME) {
                throw new Invalid(field + ".name", field + ".name is 1 to " + LONGEST_NAME + " characters.");
            }
            if (person.phone() == null || person.phone().isBlank()) {
                throw new Invalid(field + ".phone", field + ".phone is missing: a number that takes texts.");
            }
            if (!phones.add(person.phone().replaceAll("[^0-9]", ""))) {
                throw new Invalid(field + ".phone", field + ".phone is in the chain already.");
            }
            known(person.username(), field + ".username");
        }
    }

    private void known(@Nullable String username, String field) {
        if (username != null && !username.isBlank() && !staff.mayWork(username.strip())) {
            throw new Invalid(field, field + " is no user who may work; leave it out for people without an account.");
        }
    }

    private List<String> covering(@Nullable List<String> usernames) {
        if (usernames == null) {
            return List.of();
        }
        if (usernames.size() > MOST_CLOSURES) {
            throw new Invalid("covering", "A queue is covered by at most " + MOST_CLOSURES + " people.");
        }
        for (int n = 0; n < usernames.size(); n++) {
            known(usernames.get(n), "covering[" + n + "]");
        }
        return usernames.stream().map(String::strip).distinct().toList();
    }

    private static @Nullable StaffedHours hours(@Nullable Hours hours, OrgUnit unit) {
        if (hours == null) {
            return null;
        }
        var days = new EnumMap<DayOfWeek, List<StaffedHours.Span>>(DayOfWeek.class);
        hours.days().forEach((day, spans) -> {
            DayOfWeek weekday;
            try {
                weekday = DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException e) {
                throw new Invalid("hours.days", "hours.days has the key " + clip(day) + ": write monday to sunday.");
            }
            days.put(weekday, spans(spans, "hours.days." + day.toLowerCase(Locale.ROOT)));
        });
        if (days.values().stream().allMatch(List::isEmpty)) {
            throw new Invalid(
                    "hours.days",
                    "hours.days has no hour at all. Leave hours out for a queue that follows the unit above.");
        }
        if (hours.closures().size() > MOST_CLOSURES) {
            throw new Invalid("hours.closures", "At most " + MOST_CLOSURES + " closures.");
        }
        Set<LocalDate> closures = new HashSet<>();
        for (int n = 0; n < hours.closures().size(); n++) {
            try {
                closures.add(LocalDate.parse(hours.closures().get(n)));
            } catch (DateTimeException e) {
                throw new Invalid(
                        "hours.closures[" + n + "]", "hours.closures[" + n + "] is no day; write it as 2026-12-25.");
            }
        }
        return new StaffedHours(unit.zone(), days, closures);
    }

    private static List<StaffedHours.Span> spans(List<String> texts, String field) {
        List<StaffedHours.Span> spans = new ArrayList<>();
        LocalTime last = LocalTime.MIN;
        for (int n = 0; n < texts.size(); n++) {
            String at = field + "[" + n + "]";
            StaffedHours.Span span = span(texts.get(n), at);
            if (n > 0 && (span.from().isBefore(last) || last.equals(LocalTime.MIDNIGHT))) {
                throw new Invalid(at, at + " begins before the one before it ends.");
            }
            last = span.to();
            spans.add(span);
        }
        return spans;
    }

    private static StaffedHours.Span span(String text, String at) {
        var match = SPAN.matcher(text);
        try {
            if (match.matches()) {
                LocalTime from = LocalTime.parse(match.group(1));
                LocalTime to = match.group(2).equals("24:00") ? LocalTime.MIDNIGHT : LocalTime.parse(match.group(2));
                if (from.isBefore(to) || to.equals(LocalTime.MIDNIGHT)) {
                    return new StaffedHours.Span(from, to);
                }
                throw new Invalid(at, at + " ends before it begins.");
            }
        } catch (DateTimeException e) {
            // told below
        }
        throw new Invalid(at, at + " is no span of hours; write it as 08:00-17:00.");
    }

    private static String clip(String text) {
        return text.length() > 20 ? text.substring(0, 20) + "…" : text;
    }

    private Shown shown(OrgUnit unit) {
        Queue queue = coverage.of(unit.id()).orElse(new Queue(NAME, null, List.of(), List.of()));
        StaffedHours hours = queue.hours();
        return new Shown(
                unit.id().value(),
                unit.name(),
                unit.path(),
                unit.zone().getId(),
                hours == null ? null : hours(hours),
                hours == null || hours.openAt(clock.instant()),
                queue.covering(),
                queue.onCall().stream()
                        .map(one -> new Person(
                                one.name(),
                                patients.address(new AddressId(one.address())).value(),
                                one.username()))
                        .toList(),
                !coverage.onCall(unit.id()).isEmpty());
    }

    private static Hours hours(StaffedHours hours) {
        Map<String, List<String>> days = new LinkedHashMap<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            days.put(
                    day.name().toLowerCase(Locale.ROOT),
                    hours.days().getOrDefault(day, List.of()).stream()
                            .map(span -> span.from() + "-"
                                    + (span.to().equals(LocalTime.MIDNIGHT)
                                            ? "24:00"
                                            : span.to().toString()))
                            .toList());
        }
        return new Hours(
                days,
                hours.closures().stream().sorted().map(LocalDate::toString).toList());
    }
}
