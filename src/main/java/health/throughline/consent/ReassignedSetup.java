package health.throughline.consent;

import java.nio.file.Path;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Who is asked whether a number has changed hands: a list where one is named, a pretended one in local mode, else nobody. */
@Configuration(proxyBeanMethods = false)
class ReassignedSetup {

    @Bean
    @ConditionalOnProperty("throughline.consent.reassigned-list")
    ReassignedNumbers listedNumbers(ConsentSettings settings) {
        return new ReassignedList(Path.of(java.util.Objects.requireNonNull(settings.reassignedList())));
    }

    /** Numbers that end in 98 have changed hands, of those in 97 there is no data. */
    @Bean
    @Profile("local")
    @ConditionalOnProperty(value = "throughline.consent.reassigned-list", matchIfMissing = true, havingValue = "none")
    ReassignedNumbers pretendedNumbers() {
        return (phone, confirmedOn) -> phone.endsWith("98")
                ? ReassignedNumbers.Answer.YES
                : phone.endsWith("97") ? ReassignedNumbers.Answer.NO_DATA : ReassignedNumbers.Answer.NO;
    }
}
