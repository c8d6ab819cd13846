package health.throughline.channel.email;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What our own receiving mail server found about who sent a mail (RFC 8601): whether DMARC passed, which ties the address in {@code From}
 * to the server that sent it (RFC 7489). Only its own header counts, and of those the topmost: whoever sends a mail can write any of them
 * into it, and our server removes those in its name (RFC 8601, 5).
 */
final class Authentication {

    static final String HEADER = "Authentication-Results";

    private static final int MOST_HEADERS = 50;
    private static final Pattern SERVER = Pattern.compile("^\\s*\"?([^\\s\";]+)\"?(?:\\s+\\d+)?\\s*(;|$)");
    private static final Pattern DMARC =
            Pattern.compile("^\\s*dmarc\\s*(?:/\\s*\\d+\\s*)?=\\s*([a-z]+)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern HEADER_FROM = Pattern.compile(
            "\\bheader\\s*\\.\\s*from\\s*=\\s*\"?(?:[^\\s\";@]*@)?([^\\s\";]+)", Pattern.CASE_INSENSITIVE);

    private Authentication() {}

    /** What it found; {@code FAILED} also where it speaks of another sender than the mail names. */
    enum Verdict {
        PASSED,
        FAILED,
        NONE
    }

    /**
     * What it says of that address.
     *
     * @param headers as they stand in the mail, the topmost first
     * @param server the id our server signs its verdict with; empty where none is known
     */
    static Verdict of(List<String> headers, String server, String address) {
        if (server.isEmpty()) {
            return Verdict.NONE;
        }
        return headers.stream()
                .limit(MOST_HEADERS)
                .map(Authentication::withoutComments)
                .filter(header -> isOf(server, header))
                .findFirst()
                .map(header -> verdict(header, domain(address)))
                .orElse(Verdict.NONE);
    }

    private static boolean isOf(String server, String header) {
        Matcher named = SERVER.matcher(header);
        return named.find() && server.equalsIgnoreCase(named.group(1));
    }

    private static Verdict verdict(String header, String domain) {
        Verdict verdict = Verdict.NONE;
        for (String result : header.split(";")) {
            Matcher dmarc = DMARC.matcher(result);
            if (dmarc.find()) {
                Matcher from = HEADER_FROM.matcher(result);
                boolean ofAnother =
                        from.find() && !domain(String.valueOf(from.group(1))).equals(domain);
                if (ofAnother || "fail".equalsIgnoreCase(dmarc.group(1))) {
                    return Verdict.FAILED;
                }
                if (!"pass".equalsIgnoreCase(dmarc.group(1))) {
                    return Verdict.NONE;
                }
                verdict = Verdict.PASSED;
            }
        }
        return verdict;
    }

    private static String domain(String address) {
        return address.substring(address.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }

    /** Comments may stand anywhere and hold anything (RFC 5322, 3.2.2); so may what is quoted, which keeps its place and loses its words. */
    private static String withoutComments(String header) {
        StringBuilder plain = new StringBuilder(header.length());
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '\\' && (quoted || depth > 0)) {
                i++;
            } else if (depth == 0 && c == '"') {
                quoted = !quoted;
                plain.append(c);
            } else if (!quoted && c == '(') {
                depth++;
            } else if (!quoted && c == ')' && depth > 0) {
                depth--;
                plain.append(' ');
            } else if (depth == 0) {
                plain.append(quoted && (c == ';' || c == '=') ? ' ' : c);
            }
        }
        return plain.toString();
    }
}
