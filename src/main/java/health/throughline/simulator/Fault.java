package health.throughline.simulator;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What the simulated carrier does with a message instead of delivering it. The last four digits of a fictitious number
 * (+1 NXX 555 0151 to 0164) ask for one; any of them can also be asked for by {@code POST /sim/faults}.
 */
public enum Fault {
    UNDELIVERED("0151", "taken, then undelivered with code 30003"),
    OPTED_OUT("0152", "refused with 400 and code 21610: the number texted STOP"),
    FAILED("0153", "taken, then failed with code 30003"),
    NEEDS_TEMPLATE("0154", "refused with 400 and code 63016"),
    THROTTLED("0155", "refused twice with 429 and Retry-After: 1, then delivered"),
    ERROR_BEFORE("0156", "answered with 500, not taken"),
    ERROR_AFTER("0157", "answered with 500, but taken and delivered"),
    SILENT("0158", "taken, and no callback ever comes"),
    LATE("0159", "delivered, but the callbacks come late"),
    REPEATED("0160", "delivered, and every callback comes three times"),
    SHUFFLED("0161", "delivered, and the callbacks come in the wrong order"),
    RESET_BEFORE("0162", "the connection is closed before the message is taken"),
    RESET_AFTER("0163", "taken and delivered, but the connection is closed without an answer"),
    TIMEOUT_AFTER("0164", "taken and delivered, but the answer does not come"),
    NOT_A_NUMBER("", "refused with 400 and code 21211"),
    LANDLINE("", "refused with 400 and code 21614"),
    UNAVAILABLE("", "answered with 503, not taken");

    private final String lastFour;
    private final String meaning;

    Fault(String lastFour, String meaning) {
        this.lastFour = lastFour;
        this.meaning = meaning;
    }

    /** Empty where only {@code POST /sim/faults} asks for it. */
    public String lastFour() {
        return lastFour;
    }

    public String meaning() {
        return meaning;
    }

    /** As it is written in JSON. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Fault> ofCode(String code) {
        return Arrays.stream(values())
                .filter(fault -> fault.code().equals(code))
                .findFirst();
    }

    static Optional<Fault> ofNumber(String number) {
        if (!number.matches("\\+1\\d{3}5550\\d{3}")) {
            return Optional.empty();
        }
        String end = number.substring(number.length() - 4);
        return Arrays.stream(values())
                .filter(fault -> fault.lastFour.equals(end))
                .findFirst();
    }

    boolean taken() {
        return switch (this) {
            case UNDELIVERED, FAILED, ERROR_AFTER, SILENT, LATE, REPEATED, SHUFFLED, RESET_AFTER, TIMEOUT_AFTER -> true;
            case OPTED_OUT,
                    NEEDS_TEMPLATE,
                    THROTTLED,
                    ERROR_BEFORE,
                    RESET_BEFORE,
                    NOT_A_NUMBER,
                    LANDLINE,
                    UNAVAILABLE -> false;
        };
    }
}
