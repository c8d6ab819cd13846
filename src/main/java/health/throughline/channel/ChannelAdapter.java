package health.throughline.channel;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A provider behind a channel. Called outside any transaction, on a virtual thread; throws nothing expected. */
public interface ChannelAdapter {

    Channel channel();

    /** Name of the provider as it stands on receipts, for example {@code twilio}. */
    String provider();

    /** The sender's value that is configured: an E.164 number or a messaging service's id. */
    String sender();

    /** Makes one request on the wire, never more. */
    SendOutcome send(OutboundMessage message);

    /**
     * What the provider itself lists as sent to the address since then, to settle an attempt whose outcome is unknown.
     *
     * @throws ProviderUnavailable where the provider gave no answer: that proves nothing
     */
    List<ListedMessage> listSent(Address to, Instant since);

    /** Messages that came in since then, oldest first, to catch up after downtime. Throws {@link ProviderUnavailable}. */
    List<InboundMessage> listReceived(Instant since);

    /** How the provider counts the text, for rates and price: segments for SMS (K17). */
    int units(String body);

    /** How the text is written on the wire where that decides the price, {@code GSM-7} or {@code UCS-2} (K17); none elsewhere. */
    default @Nullable String encoding(String body) {
        return null;
    }

    /** Whether it reaches a phone number and so counts in the limits over voice and text together (K2). */
    default boolean byPhone() {
        return false;
    }

    /** Whether the carriers know what the sender is used for, where they ask for that; without it nothing goes (K17). */
    default boolean campaignRegistered() {
        return true;
    }

    /** Whether it carries what a person wrote, as it was written; an automated call does not. */
    default boolean carriesWords() {
        return true;
    }

    /** Whether a message needs its text in every language there is, since whoever is reached may ask for another one. */
    default boolean inEveryLanguage() {
        return false;
    }

    /** Whether it comes to somebody who is not looking. A page of ours is read only by whoever opens it. */
    default boolean comesUnasked() {
        return true;
    }

    /** Whether it only says that something waits on a page of ours; what is to be said never goes by it. */
    default boolean onlyTells() {
        return false;
    }

    /** Whether what is said there waits for its reader, who is told of it elsewhere. */
    default boolean keepsUntilRead() {
        return false;
    }

    /** Where it stands among the channels of a patient who prefers none; the lowest comes first. */
    default int precedence() {
        return 100;
    }

    /**
     * A sent message as the provider lists it.
     *
     * @param body none where the provider does not list what was said: then recipient and time are all the evidence there is
     */
    record ListedMessage(String providerId, @Nullable String body, String status, Instant createdAt) {}

    /** The provider did not answer. */
    final class ProviderUnavailable extends RuntimeException {
        public ProviderUnavailable(String reason) {
            super(reason);
        }
    }
}
