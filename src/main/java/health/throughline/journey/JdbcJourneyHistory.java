package health.throughline.journey;

import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
class JdbcJourneyHistory implements JourneyHistory {

    private static final int MOST = 100;

    private final JdbcJourneys journeys;

    JdbcJourneyHistory(JdbcJourneys journeys) {
        this.journeys = journeys;
    }

    @Override
    @Transactional(readOnly = true)
    public List<Way> of(UUID patient) {
        return journeys.page(patient, null, null, null, MOST).stream()
                .map(way -> new Way(
                        way.id(),
                        way.key(),
                        way.title(),
                        way.state(),
                        way.outcome(),
                        way.startedBy(),
                        way.startedAt(),
                        way.endedAt()))
                .toList();
    }
}
