package health.throughline;

import java.time.Clock;
import java.util.TimeZone;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** Runs patient journeys. Without a datasource it starts in local mode: its own PostgreSQL and simulated carriers. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class Throughline {

    private static final int MOST_TIMED_TASKS = 48;

    public static void main(String[] arguments) {
        // The engine reads a zone-less date in the zone of the JVM; patients' local times are computed by our own code.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        SpringApplication.run(Throughline.class, arguments);
    }

    /** A thread for each timed task: one that waits for a provider keeps none of the others, the paging of staff least of all. */
    @Bean
    ThreadPoolTaskScheduler taskScheduler() {
        var scheduler = new ThreadPoolTaskScheduler();
        scheduler.setVirtualThreads(true);
        scheduler.setPoolSize(MOST_TIMED_TASKS);
        scheduler.setThreadNamePrefix("scheduling-");
        return scheduler;
    }

    @Bean
    @Profile("!local")
    Clock clock() {
        return Clock.systemUTC();
    }
}
