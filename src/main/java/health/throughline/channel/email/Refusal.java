package health.throughline.channel.email;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a mail server's refusal is about, said at once or in a returned mail. Only where it says that there is no such address is the address
 * to blame: by one of the enhanced codes that mean just that (RFC 3463, 3.2; RFC 7505, 4.2; the IANA registry "SMTP Enhanced Status Codes"),
 * or in so many words. A bare 550 says as much of our own address, of a relay or of a block list (RFC 5321, 4.2.3: "mailbox unavailable …
 * or rejected for policy reasons").
 */
enum Refusal {
    NO_SUCH_ADDRESS,
    FULL,
    /** It does not trust us, our domain or what we wrote: whoever had been written to, it would have said the same. */
    US,
    /** We send faster than it likes. */
    TOO_FAST,
    OTHER;

    /** Bad mailbox, bad system, bad syntax, moved, no mail taken there (RFC 7505) or not found (Exchange). */
    private static final Set<String> NO_SUCH_CODES = Set.of("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10");

    private static final Pattern FULL_CODE = Pattern.compile("[45]\\.2\\.2");
    /** Security and policy (RFC 3463, 3.8); of the sender (5.1.7, 5.1.8). */
    private static final Pattern US_CODE = Pattern.compile("5\\.7\\.\\d+|5\\.1\\.[78]");

    /** What somebody is called says nothing of why. */
    private static final Pattern ADDRESS = Pattern.compile("<?[^\\s<>@]{1,64}@[^\\s<>,;:]{1,255}>?");

    private static final Pattern FAST = Pattern.compile(
            "(?is)(too many (?:messages|connections|recipients|e-?mails)|rate.?limit|throttl|sending too"
                    + " fast|exceeded .{0,40}(?:rate|messages per))");
    private static final Pattern OF_US = Pattern.compile(
            "(?is)(relay(?:ing)?(?: access)?(?: is)? (?:denied|not (?:permitted|allowed)|prohibited)|(?:unable"
                    + " to|not|cannot|can't) relay|spamhaus|spamcop|barracuda|sorbs|surbl|uribl|dnsbl|\\brbl\\b|(?:black|block|deny)"
                    + " ?list|(?<!not )listed (?:at|by|in|on) \\S*\\.[a-z]|blocked using|reputation|\\bspf\\b|\\bdkim\\b|\\bdmarc\\b"
                    + "|sender (?:address|domain|policy|id|verif|rejected|denied|refused|not|unknown|is not)|domain of"
                    + " sender|envelope sender|return path|reverse (?:dns|lookup)|\\brdns\\b|\\bptr\\b|\\bhelo\\b|\\behlo\\b|client"
                    + " host|authentication (?:is )?required|unauthenticated|not authenticated|\\bspam\\b|content (?:filter"
                    + "|rejected|refused)|virus)");
    private static final Pattern FULL_WORDS =
            Pattern.compile("(?is)(mailbox (?:is )?full|over ?quota|quota (?:exceeded|is full)|exceeded"
                    + " (?:storage|the|his|their).{0,30}(?:quota|allocation|limit)|out of storage|insufficient (?:system"
                    + " )?storage|buzón lleno)");
    private static final Pattern NO_SUCH_WORDS = Pattern.compile(
            "(?is)(user unknown|unknown user|no such (?:user|mailbox|recipient|address|person)|(?:user|mailbox|account|recipient|address|domain)"
                    + "\\b.{0,80}? (?:does(?: not|n't) exist|no longer exists)|address (?:not found|rejected: user)"
                    + "|(?:user|mailbox|account|recipient|address|@)[^\\n]{0,120}?(?:couldn't be found|wasn't found|was not"
                    + " found)|recipient (?:not found|unknown|address rejected: (?:user|unknown|undeliverable))|unknown"
                    + " (?:recipient|address|local part)|invalid (?:recipient|mailbox)|mailbox not found|no mailbox here by"
                    + " that name|user .{0,80}?doesn't have .{0,40}?account|unrouteable address|host or domain name not"
                    + " found|not listed in)");
    /** How Exchange Online says that its directory has no such recipient (Microsoft, "Directory Based Edge Blocking"). */
    private static final Pattern EDGE_BLOCKED =
            Pattern.compile("(?is)5\\.4\\.1\\b.{0,20}recipient address rejected: access denied");

    /** @param code the enhanced one, empty where there is none @param said the server's own words, which go no further */
    static Refusal of(String code, String said) {
        String words = ADDRESS.matcher(said).replaceAll("@");
        if (FAST.matcher(words).find()) {
            return TOO_FAST;
        }
        if (OF_US.matcher(words).find()) {
            return US;
        }
        if (FULL_CODE.matcher(code).matches() || FULL_WORDS.matcher(words).find()) {
            return FULL;
        }
        if (NO_SUCH_CODES.contains(code)
                || !code.startsWith("4")
                        && (NO_SUCH_WORDS.matcher(words).find()
                                || EDGE_BLOCKED.matcher(words).find())) {
            return NO_SUCH_ADDRESS;
        }
        return US_CODE.matcher(code).matches() ? US : OTHER;
    }
}
