package health.throughline.channel;

/**
 * Where a channel reaches somebody.
 *
 * @param value normalised: E.164 for SMS and voice, lower case for e-mail. Never logged.
 */
public record Address(Channel channel, String value) {

    @Override
    public String toString() {
        return channel.code() + ":***";
    }
}
