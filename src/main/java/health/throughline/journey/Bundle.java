package health.throughline.journey;

import java.util.List;
import java.util.Map;

/**
 * What is released together: a journey, the processes and decisions it calls, its forms and texts. Its models are deployed as one, and
 * bind to each other within that deployment, so that a running journey keeps the versions it was approved with.
 *
 * @param subject what an instance is about: {@code appointment}
 * @param process id of the process that starts
 * @param context JSON schema of what the API must be given
 */
record Bundle(
        String key,
        String title,
        String subject,
        String process,
        List<String> models,
        List<String> forms,
        List<String> texts,
        Map<String, Object> context) {}
