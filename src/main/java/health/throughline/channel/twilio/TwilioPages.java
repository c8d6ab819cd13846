package health.throughline.channel.twilio;

import com.twilio.base.Page;
import com.twilio.base.Reader;
import com.twilio.base.Resource;
import com.twilio.http.TwilioRestClient;
import health.throughline.channel.ChannelAdapter.ProviderUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What Twilio lists, page by page. What cannot be listed whole is told as unavailable: half a list proves nothing. */
public final class TwilioPages {

    public static final long PAGE_SIZE = 200;

    private static final int MAX_PAGES = 500;

    private TwilioPages() {}

    /**
     * Newest first, until a whole page is older.
     *
     * @param clients a fresh one for each request
     * @param things what is listed, in a word
     */
    public static <T extends Resource> List<T> all(
            Reader<T> reader, Supplier<TwilioRestClient> clients, Predicate<T> older, String things) {
        var found = new ArrayList<T>();
        try {
            Page<T> page = reader.firstPage(clients.get());
            for (int read = 1; ; read++) {
                found.addAll(page.getRecords());
                if (!page.hasNextPage() || page.getRecords().stream().allMatch(older)) {
                    return found;
                }
                if (read == MAX_PAGES) {
                    throw new ProviderUnavailable(
                            "The carrier lists more than " + PAGE_SIZE * MAX_PAGES + " " + things + ".");
                }
                page = reader.nextPage(page, clients.get());
            }
        } catch (ProviderUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ProviderUnavailable("The carrier did not list its " + things + " ("
                    + e.getClass().getSimpleName() + ").");
        }
    }
}
