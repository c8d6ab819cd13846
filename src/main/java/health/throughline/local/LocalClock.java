package health.throughline.local;

import health.throughline.ClockMoved;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The local system's clock and the page's handle on it. The offset survives a restart, as the data it made does. */
@Configuration
@Profile("local")
class LocalClock {

    private static Path file(LocalSettings settings) {
        return settings.directory().resolve("clock-offset");
    }

    @Bean
    MovableClock clock(LocalSettings settings) throws IOException {
        MovableClock clock = new MovableClock();
        if (Files.exists(file(settings))) {
            clock.forward(Duration.parse(Files.readString(file(settings)).trim()));
        }
        return clock;
    }

    record Reading(Instant now, Duration offset) {}

    record Move(Duration forward) {}

    @RestController
    @Profile("local")
    static class Handle {

        private final MovableClock clock;
        private final LocalSettings settings;
        private final ApplicationEventPublisher events;

        Handle(MovableClock clock, LocalSettings settings, ApplicationEventPublisher events) {
            this.clock = clock;
            this.settings = settings;
            this.events = events;
        }

        @EventListener(ApplicationStartedEvent.class)
        void tellOthersWhereItStands() {
            events.publishEvent(new ClockMoved(clock.offset()));
        }

        @GetMapping("/local/clock")
        Reading read() {
            return new Reading(clock.instant(), clock.offset());
        }

        @PostMapping("/local/clock")
        Reading move(@RequestBody Move move) {
            Duration offset = clock.forward(move.forward());
            try {
                Files.writeString(file(settings), offset.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            events.publishEvent(new ClockMoved(offset));
            return read();
        }
    }
}
