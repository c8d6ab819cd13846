package health.throughline.channel;

/**
 * Where a channel reaches somebody.
 *
 * @param value normalised: E.164 for SMS and voice, lower case for e-mail. Never logged.
 */
public record Address(Channel channel, String value) {

    /** Whether a telephone is reached there, by whatever channel. */
    public boolean isPhoneNumber() {
        return value.startsWith("+");
    }

    @Override
    public String toString() {
        return channel.code() + ":***";
    }
}
