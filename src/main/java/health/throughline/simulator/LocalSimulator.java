package health.throughline.simulator;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Runs the simulator beside the product in local mode: up before the product sends, down after it stopped. */
@Component
@Profile("local")
class LocalSimulator implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LocalSimulator.class);

    private final SimulatorSettings settings;
    private final MailServerSettings mail;
    private @Nullable CarrierSimulator simulator;

    LocalSimulator(SimulatorSettings settings, MailServerSettings mail, Environment environment) {
        this.mail = mail;
        this.settings = settings.with(
                environment.getProperty("throughline.public-url", URI.class),
                environment.getProperty("throughline.twilio.account-sid"),
                environment.getProperty("throughline.twilio.auth-token"),
                environment.getProperty("throughline.twilio.from"));
    }

    @Override
    public void start() {
        CarrierSimulator started = new CarrierSimulator(settings, mail).start();
        simulator = started;
        LOG.info("Simulated carrier, phones and EHR at http://localhost:{}", started.port());
    }

    @Override
    public void stop() {
        CarrierSimulator running = simulator;
        if (running != null) {
            running.close();
            simulator = null;
        }
    }

    @Override
    public boolean isRunning() {
        return simulator != null;
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
