package health.throughline.consent;

import health.throughline.organization.Coverage;
import health.throughline.organization.OrgUnitId;
import health.throughline.organization.StaffedHours;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** When somebody answers the phone that a message asks to call (K11): the unit's own hours, without the holidays. */
@Component
class OfficeHours {

    private static final int DAYS_AHEAD = 14;

    private final Coverage coverage;
    private final RuleBook rules;

    OfficeHours(Coverage coverage, RuleBook rules) {
        this.coverage = coverage;
        this.rules = rules;
    }

    /** None where nobody is asked to call, or the unit has not said when it is there. */
    Optional<SendFacts.Office> of(SendPolicy.Besides besides, Instant now) {
        OrgUnitId unit = besides.callBack();
        return unit == null
                ? Optional.empty()
                : coverage.hours(unit).map(hours -> new SendFacts.Office(open(hours, now), besides.callBackLatest()));
    }

    private List<SendFacts.Open> open(StaffedHours hours, Instant now) {
        Holidays holidays = rules.holidays();
        return hours.openings(now, DAYS_AHEAD).stream()
                .filter(opening ->
                        !holidays.on(opening.from().atZone(hours.zone()).toLocalDate()))
                .map(opening -> new SendFacts.Open(opening.from(), opening.to()))
                .toList();
    }
}
