package health.throughline.channel.sms;

import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.rest.api.v2010.account.MessageReader;
import com.twilio.rest.api.v2010.account.message.MediaReader;
import com.twilio.type.PhoneNumber;
import health.throughline.channel.Address;
import health.throughline.channel.Attached;
import health.throughline.channel.Channel;
import health.throughline.channel.ChannelAdapter.ListedMessage;
import health.throughline.channel.ChannelAdapter.ProviderUnavailable;
import health.throughline.channel.InboundMessage;
import health.throughline.channel.PlainText;
import health.throughline.channel.twilio.FormParameters;
import health.throughline.channel.twilio.TwilioPages;
import health.throughline.channel.twilio.TwilioSettings;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** Asks Twilio which messages it has. */
final class TwilioLists {

    private final TwilioSettings settings;
    private final Supplier<TwilioRestClient> clients;

    /** @param clients a fresh one for each request */
    TwilioLists(TwilioSettings settings, Supplier<TwilioRestClient> clients) {
        this.settings = settings;
        this.clients = clients;
    }

    /** Not narrowed by date at Twilio: a message still queued there has no date of sending and would be left out. */
    List<ListedMessage> sent(Address to, Instant since) {
        MessageReader reader = new MessageReader(settings.accountSid()).setTo(new PhoneNumber(to.value()));
        return all(reader, since).stream()
                .filter(message -> message.getDirection() != Message.Direction.INBOUND)
                .filter(message -> !createdAt(message).isBefore(since))
                .map(message -> new ListedMessage(
                        message.getSid(),
                        Objects.requireNonNullElse(message.getBody(), ""),
                        String.valueOf(message.getStatus()),
                        createdAt(message)))
                .toList();
    }

    List<InboundMessage> received(Instant since) {
        MessageReader reader = new MessageReader(settings.accountSid()).setDateSentAfter(since.atZone(ZoneOffset.UTC));
        if (settings.from() != null && settings.messagingServiceSid() == null) {
            reader.setTo(new PhoneNumber(settings.from()));
        }
        return all(reader, Instant.MIN).stream()
                .filter(message -> message.getDirection() == Message.Direction.INBOUND)
                .filter(message -> !createdAt(message).isBefore(since))
                .sorted(Comparator.comparing(TwilioLists::createdAt))
                .map(this::inbound)
                .toList();
    }

    private List<Message> all(MessageReader reader, Instant until) {
        reader.setPageSize(TwilioPages.PAGE_SIZE);
        return TwilioPages.all(reader, clients, message -> createdAt(message).isBefore(until), "messages");
    }

    private InboundMessage inbound(Message message) {
        String from = String.valueOf(message.getFrom());
        String to = Objects.requireNonNullElse(message.getTo(), "");
        String body = Objects.requireNonNullElse(message.getBody(), "");
        String service = message.getMessagingServiceSid();
        boolean ours = service != null && service.equals(settings.messagingServiceSid());
        return new InboundMessage(
                        TwilioSms.PROVIDER,
                        message.getSid(),
                        new Address(Channel.SMS, from),
                        ours ? service : to,
                        PlainText.of(body),
                        FormParameters.encode(List.of(
                                new FormParameters.Parameter("MessageSid", message.getSid()),
                                new FormParameters.Parameter("From", from),
                                new FormParameters.Parameter("To", to),
                                new FormParameters.Parameter("Body", body))),
                        createdAt(message))
                .with(attached(message));
    }

    /** The list of messages tells how many came with one; which, a list of their own. */
    private List<Attached> attached(Message message) {
        String count = Objects.requireNonNullElse(message.getNumMedia(), "0");
        if (!count.matches("[1-9]\\d{0,3}")) {
            return List.of();
        }
        try {
            return new MediaReader(settings.accountSid(), message.getSid())
                    .setPageSize(TwilioPages.PAGE_SIZE).firstPage(clients.get()).getRecords().stream()
                            .limit(TwilioMedia.MOST)
                            .<Attached>map(medium -> new Attached.ToFetch(
                                    TwilioMedia.reference(message.getSid(), medium.getSid()),
                                    Attached.Kind.ofType(Objects.requireNonNullElse(medium.getContentType(), ""))))
                            .toList();
        } catch (RuntimeException e) {
            throw new ProviderUnavailable("The carrier did not list what came with a message ("
                    + e.getClass().getSimpleName() + ").");
        }
    }

    private static Instant createdAt(Message message) {
        return message.getDateCreated() == null
                ? Instant.MAX
                : message.getDateCreated().toInstant();
    }
}
