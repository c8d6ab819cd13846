package health.throughline.simulator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Plays Twilio, the patients' phones and the EHR on a port of 127.0.0.1. It knows the product by its address only, as they would.
 *
 * <p>Numbers +1 NXX 555 0100 to 0199 are fictitious. Most of them deliver; the last four digits of some ask for a fault
 * ({@link Fault}): 0151 undelivered, 0152 opted out (21610), 0153 failed (30003), 0154 needs a template (63016), 0155 throttled twice
 * (429), 0156 a fault before and 0157 after the message was taken (500), 0158 no callback ever, 0159 late, 0160 repeated, 0161
 * shuffled callbacks, 0162 connection closed before and 0163 after the message was taken, 0164 taken and never answered.
 */
public final class CarrierSimulator implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final Set<String> OUR_NAMES = Set.of("localhost", "127.0.0.1");
    private static final Logger LOG = LoggerFactory.getLogger(CarrierSimulator.class);

    static {
        // Without it a small answer waits 40 ms for the other side's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final SimulatorSettings settings;
    private final CarrierLedger ledger;
    private final Faults faults = new Faults();
    private final AppServer app = new AppServer();
    private final PushServer push = new PushServer(this::url);
    private final SimulatedMedia media = new SimulatedMedia();
    private final PhoneEvents events = new PhoneEvents();
    private final ProductClient product;
    private final SimulatedClock clock;
    private final Callbacks callbacks;
    private final Carrier carrier;
    private final Switchboard switchboard;
    private final CallApi callApi;
    private final EhrSimulator ehr;
    private final TwilioApi twilio;
    private final EhrFhirApi ehrDoor;
    private final ControlApi control;
    private final @Nullable MailServer mail;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable HttpServer server;

    /** Without mail. */
    public CarrierSimulator(SimulatorSettings settings) {
        this(settings, new MailServerSettings(0, 0, null, null, 0));
    }

    public CarrierSimulator(SimulatorSettings settings, MailServerSettings mailSettings) {
        this.settings = settings;
        this.ledger = new CarrierLedger(settings.remembered());
        this.product = new ProductClient(settings);
        this.clock = new SimulatedClock(product);
        this.callbacks = new Callbacks(settings, product, clock, events);
        this.carrier = new Carrier(settings, ledger, callbacks, clock, events);
        this.ehr = new EhrSimulator(product, clock);
        this.switchboard = new Switchboard(settings, product, clock, events);
        this.callApi = new CallApi(settings, switchboard, faults, clock);
        this.twilio = new TwilioApi(
                settings, ledger, new MessageCreation(settings, ledger, faults, carrier, clock), callApi, media);
        this.ehrDoor = new EhrFhirApi(ehr, threads, settings);
        MailLedger mails = new MailLedger(mailSettings.remembered());
        this.mail = mailSettings.mailbox() == null ? null : new MailServer(mailSettings, mails, clock, events);
        this.control = new ControlApi(
                ledger,
                faults,
                carrier,
                new PhoneCalls(switchboard),
                clock,
                events,
                ehr,
                ehrDoor,
                new MailApi(mails, mail, product, ehr),
                push,
                media);
    }

    public CarrierSimulator start() {
        try {
            var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), settings.port());
            HttpServer started = HttpServer.create(address, BACKLOG);
            started.setExecutor(threads);
            started.createContext("/", this::handle);
            started.start();
            server = started;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The simulator cannot listen on port " + settings.port()
                            + ". Set THROUGHLINE_SIMULATOR_PORT to a free one",
                    e);
        }
        if (mail != null) {
            mail.start();
        }
        if (settings.seed() && product.hasApiKey()) {
            threads.execute(ehr::seed);
        }
        return this;
    }

    public int port() {
        HttpServer running = server;
        if (running == null) {
            throw new IllegalStateException("The simulator has not been started");
        }
        return running.getAddress().getPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** Every request to create a message since the last {@link #forgetRequests}, refused ones too, oldest first. */
    public List<LedgerEntry> requests() {
        return ledger.requests();
    }

    public void forgetRequests() {
        ledger.clear();
    }

    /** The next requests meet the fault. @param to one number, or none for all */
    public void fault(@Nullable String to, Fault fault, int times) {
        faults.add(to, fault, times);
    }

    /** Every request to make a call, refused ones too, oldest first. */
    public List<LedgerEntry> callRequests() {
        return callApi.requests();
    }

    /** Whether there was a call to or from the phone, and none goes on. */
    public boolean callsAreOver(String phone) {
        List<SimulatedCall> calls = switchboard.callsOf(phone);
        return !calls.isEmpty() && calls.stream().allMatch(SimulatedCall::over);
    }

    /** What we said in the last call to or from the phone, in order. */
    public List<String> saidTo(String phone) {
        List<SimulatedCall> calls = switchboard.callsOf(phone);
        return calls.isEmpty()
                ? List.of()
                : calls.getLast().lines().stream()
                        .filter(line -> line.by().equals("us"))
                        .map(SimulatedCall.Line::text)
                        .toList();
    }

    /** The phone takes its next calls so. @param as {@code person}, {@code voicemail}, {@code relay}, … */
    public void answers(String phone, String as, String... keys) {
        switchboard.answers(phone, new Answering(Answering.Way.ofCode(as).orElseThrow(), List.of(keys)));
    }

    /** Asks the product what time it is, so that what is dated here is dated as there; while it does not answer, nothing changes. */
    public void learnTime() throws InterruptedException {
        clock.read();
    }

    /** The patient with this phone texts us. */
    public void patientWrites(String phone, String body) {
        carrier.patientWrites(phone, body, List.of(), true);
    }

    /**
     * The patient with this phone texts us a picture.
     *
     * @param trouble {@code none}, {@code not-found}, {@code slow}, {@code too-large}, {@code lying-type} or {@code inside}
     * @param heard whether the callback comes
     */
    public void patientSends(String phone, String body, String type, byte[] content, String trouble, boolean heard) {
        carrier.patientWrites(
                phone, body, List.of(media.add(type, content, SimulatedMedia.Trouble.ofCode(trouble))), heard);
    }

    /** A picture a patient has at hand. @param name {@code arm} or {@code card} */
    public static byte[] samplePicture(String name) {
        return SamplePictures.of(name).orElseThrow();
    }

    private void handle(HttpExchange http) throws IOException {
        var exchange = new Exchange(http);
        try {
            route(exchange);
        } catch (Exchange.BadRequest | JacksonException | IllegalArgumentException e) {
            exchange.problem(400, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.hangUp();
        } catch (IOException e) {
            throw e; // the other side went away
        } catch (RuntimeException e) {
            LOG.error("The simulator failed at {}", exchange.method(), e);
            exchange.problem(500, "The simulator failed; its log says why.");
        }
    }

    private void route(Exchange exchange) throws IOException, InterruptedException {
        String path = exchange.path();
        if (!addressedToUs(exchange)) {
            exchange.problem(403, "The simulator answers to localhost only.");
        } else if (path.startsWith(TwilioApi.PREFIX)) {
            twilio.answer(exchange);
        } else if (path.startsWith(SimulatedMedia.SERVER)) {
            media.serve(exchange);
        } else if (path.startsWith(EhrFhirApi.PREFIX)) {
            ehrDoor.answer(exchange);
        } else if (path.startsWith("/sim/")) {
            if (!allowOrigin(exchange)) {
                exchange.problem(403, "Pages of other origins may not use the simulator.");
            } else if (exchange.method().equals("OPTIONS")) {
                exchange.empty(204);
            } else {
                control.answer(exchange);
            }
        } else if (path.equals(AppServer.PATH)) {
            app.answer(exchange);
        } else if (path.startsWith(PushServer.PATH)) {
            push.answer(exchange);
        } else if (path.equals(SitePage.PATH) || path.startsWith(SitePage.PATH + "/")) {
            SitePage.answer(exchange, settings.productUrl());
        } else {
            PhonePage.answer(exchange, settings.productUrl());
        }
    }

    /** A name of somebody else's that resolves to this machine is refused (DNS rebinding). */
    private static boolean addressedToUs(Exchange exchange) {
        String host = exchange.header("Host");
        return host != null && OUR_NAMES.contains(host.replaceAll(":\\d+$", ""));
    }

    private boolean allowOrigin(Exchange exchange) {
        String origin = exchange.header("Origin");
        if (origin == null) {
            return true;
        }
        URI url = settings.productUrl();
        String productOrigin = url == null ? "" : url.getScheme() + "://" + url.getRawAuthority();
        boolean ours = OUR_NAMES.stream().anyMatch(name -> origin.equals("http://" + name + ":" + port()));
        if (!ours && !origin.equals(productOrigin)) {
            return false;
        }
        exchange.answerHeader("Access-Control-Allow-Origin", origin);
        exchange.answerHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
        exchange.answerHeader("Access-Control-Allow-Headers", "Content-Type");
        exchange.answerHeader("Vary", "Origin");
        return true;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        callbacks.close();
        switchboard.close();
        if (mail != null) {
            mail.close();
        }
        product.close();
        HttpServer running = server;
        if (running != null) {
            running.stop(0);
        }
    }
}
