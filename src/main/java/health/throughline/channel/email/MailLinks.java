package health.throughline.channel.email;

import health.throughline.channel.AttemptId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The links of ours that stand in a mail, each signed for one attempt and one use. */
@Component
class MailLinks {

    static final String UNSUBSCRIBE = "/e/u/";
    static final String OPENED = "/e/o/";
    static final String CLICKED = "/e/c/";

    /** Longer ones stay as they are, and are not followed. */
    static final int LONGEST = 1_500;

    private final LinkAddress address;
    private final MailTokens tokens;

    MailLinks(LinkAddress address, MailTokens tokens) {
        this.address = address;
        this.tokens = tokens;
    }

    String unsubscribe(AttemptId attempt) {
        return address.of(UNSUBSCRIBE + tokens.of(MailTokens.Use.UNSUBSCRIBE, attempt));
    }

    String opened(AttemptId attempt) {
        return address.of(OPENED + tokens.of(MailTokens.Use.OPEN, attempt));
    }

    /** Leads to the link by way of us. */
    String clicked(AttemptId attempt, String link) {
        if (link.length() > LONGEST) {
            return link;
        }
        String coded = Base64.getUrlEncoder().withoutPadding().encodeToString(link.getBytes(StandardCharsets.UTF_8));
        return address.of(CLICKED + tokens.of(MailTokens.Use.CLICK, attempt, link) + "/" + coded);
    }

    /** Where a link leads and whose it is. */
    record Followed(AttemptId attempt, URI to) {}

    /** Only what we ourselves wrote into a mail: another address has no signature. */
    Optional<Followed> follow(String token, String coded) {
        try {
            String link = new String(Base64.getUrlDecoder().decode(coded), StandardCharsets.UTF_8);
            return tokens.read(MailTokens.Use.CLICK, token, link)
                    .map(attempt -> new Followed(attempt, URI.create(link)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
