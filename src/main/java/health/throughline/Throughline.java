package health.throughline;

import java.time.Clock;
import java.util.TimeZone;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Profile;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Runs patient journeys. Without a datasource it starts in local mode: its own PostgreSQL and simulated carriers. */
@SpringBootApplication
@ConfigurationPropertiesScan
@EnableScheduling
public class Throughline {

    public static void main(String[] arguments) {
        // The engine reads a zone-less date in the zone of the JVM; patients' local times are computed by our own code.
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        SpringApplication.run(Throughline.class, arguments);
    }

    @Bean
    @Profile("!local")
    Clock clock() {
        return Clock.systemUTC();
    }
}
