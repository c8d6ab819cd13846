package health.throughline.channel;

/**
 * What a browser gives to whoever may wake it, and what it must be told for that. Implemented where notices are pushed; there is none where
 * no key is set.
 */
public interface BrowserSubscriptions {

    Channel PUSH = new Channel("push");

    /** What the reasons of a notice that reached no browser begin with. */
    String FAILED = "push.";

    /** The browser takes none any more, for ever. */
    String GONE = FAILED + "gone";

    /** The key that a browser binds its subscription to ({@code applicationServerKey}), base64url. */
    String publicKey();

    /**
     * Where that browser is reached.
     *
     * @param endpoint as the browser's push service gave it out: checked against the services that are allowed
     * @param key the browser's public key ({@code p256dh}), base64url
     * @param secret the browser's authentication secret ({@code auth}), base64url
     * @throws IllegalArgumentException naming what is wrong, without the value
     */
    Address address(String endpoint, String key, String secret);
}
