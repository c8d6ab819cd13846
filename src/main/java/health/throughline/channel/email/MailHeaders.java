package health.throughline.channel.email;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.UnsupportedEncodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The head of a mail, readable whatever is broken in it. */
record MailHeaders(MimeMessage mail) {

    private static final int LONGEST = 2_000;
    private static final List<String> RECIPIENTS =
            List.of("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc", "X-Forwarded-To");

    /** Empty where there is none. */
    String first(String name) {
        return all(name).stream().findFirst().orElse("");
    }

    /** As they stand in the mail, the topmost first. */
    List<String> all(String name) {
        try {
            String[] values = mail.getHeader(name);
            return values == null
                    ? List.of()
                    : java.util.Arrays.stream(values)
                            .map(value -> value.length() > LONGEST ? value.substring(0, LONGEST) : value)
                            .toList();
        } catch (MessagingException e) {
            return List.of();
        }
    }

    String subject() {
        String raw = first("Subject");
        try {
            return MailComposer.oneLine(MimeUtility.decodeText(MimeUtility.unfold(raw)));
        } catch (UnsupportedEncodingException e) {
            return MailComposer.oneLine(raw);
        }
    }

    /** A null return path (RFC 5321, 4.5.5): nobody wants an answer. */
    boolean fromNobody() {
        return all("Return-Path").stream().anyMatch(path -> path.strip().equals("<>"));
    }

    /** Who wrote, in lower case; none where that cannot be read. */
    Optional<String> from() {
        return addresses("From").stream().findFirst();
    }

    /** Whether it names one sender and no more: what names several may look like one's own to each program that reads it. */
    boolean fromOne() {
        return all("From").size() == 1 && addresses("From").size() == 1;
    }

    /** All to whom it came, in lower case. */
    List<String> recipients() {
        List<String> all = new ArrayList<>();
        RECIPIENTS.forEach(name -> all.addAll(addresses(name)));
        return all;
    }

    /** The ids of mails it refers to, the nearest first. */
    List<String> refersTo() {
        List<String> ids = new ArrayList<>();
        for (String name : List.of("In-Reply-To", "References")) {
            List<String> here = new ArrayList<>(List.of(first(name).strip().split("\\s+")));
            java.util.Collections.reverse(here);
            ids.addAll(here);
        }
        return ids;
    }

    private List<String> addresses(String name) {
        List<String> found = new ArrayList<>();
        for (String value : all(name)) {
            try {
                for (InternetAddress address : InternetAddress.parseHeader(value, false)) {
                    if (address.getAddress() != null && address.getAddress().contains("@")) {
                        found.add(address.getAddress().strip().toLowerCase(Locale.ROOT));
                    }
                }
            } catch (AddressException e) {
                continue;
            }
        }
        return found;
    }
}
