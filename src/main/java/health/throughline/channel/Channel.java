package health.throughline.channel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A way to reach a patient. Open: a channel is what an adapter serves and texts are written for; the constants are those that rules of
 * law speak of by name.
 *
 * @param code as written in the database, in models, in texts and in the API
 */
public record Channel(@JsonValue String code) {

    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]{1,19}");

    public static final Channel SMS = new Channel("sms");
    public static final Channel VOICE = new Channel("voice");
    public static final Channel EMAIL = new Channel("email");

    public Channel {
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException(
                    "A channel's code is 2 to 20 of a-z, 0-9 and -, and begins with a letter");
        }
    }

    /** @throws IllegalArgumentException where no channel can have that code */
    @JsonCreator
    public static Channel ofCode(String code) {
        return new Channel(code.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return code;
    }
}
