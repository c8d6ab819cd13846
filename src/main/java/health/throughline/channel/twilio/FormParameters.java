package health.throughline.channel.twilio;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The parameters of a form body as they came over the wire, repeats kept.
 *
 * @param all in the order of the body
 */
public record FormParameters(List<Parameter> all) {

    private static final int MAX_PARAMETERS = 500;

    /** One name and its value, decoded. */
    public record Parameter(String name, String value) {}

    /** @throws IllegalArgumentException where the body is not a form, or has more than 500 parameters */
    public static FormParameters parse(String body) {
        var all = new ArrayList<Parameter>();
        int from = 0;
        while (from <= body.length() && !body.isEmpty()) {
            int end = body.indexOf('&', from);
            String pair = body.substring(from, end < 0 ? body.length() : end);
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                all.add(new Parameter(
                        decode(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decode(pair.substring(equals + 1))));
            }
            if (all.size() > MAX_PARAMETERS) {
                throw new IllegalArgumentException("more than " + MAX_PARAMETERS + " parameters");
            }
            if (end < 0) {
                break;
            }
            from = end + 1;
        }
        return new FormParameters(List.copyOf(all));
    }

    public static String encode(List<Parameter> parameters) {
        return parameters.stream()
                .map(parameter -> URLEncoder.encode(parameter.name(), StandardCharsets.UTF_8)
                        + "="
                        + URLEncoder.encode(parameter.value(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** The first value of the name, empty where there is none. */
    public String value(String name) {
        return all.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(Parameter::value)
                .findFirst()
                .orElse("");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
