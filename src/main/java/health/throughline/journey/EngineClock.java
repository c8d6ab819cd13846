package health.throughline.journey;

import health.throughline.ClockMoved;
import org.camunda.bpm.engine.impl.util.ClockUtil;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** In local mode the engine's timers follow the clock that can be moved. */
@Component
@Profile("local")
class EngineClock {

    @EventListener
    void on(ClockMoved moved) {
        ClockUtil.offset(moved.offset().toMillis());
    }
}
