package health.throughline.care.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.DataFormatException;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.IParserErrorHandler;
import ca.uhn.fhir.parser.LenientErrorHandler;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ScalarType;
import ca.uhn.fhir.parser.json.BaseJsonLikeValue.ValueType;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Parses the resources that are understood; refuses what R4 does not allow, naming the element. */
@Component
class FhirParser {

    private static final Pattern ELEMENT = Pattern.compile("\\[element=\"([^\"]{1,80})\"]");

    private final FhirContext context = FhirContext.forR4Cached();
    private final Set<String> types = context.getResourceTypes();

    boolean isType(String type) {
        return types.contains(type);
    }

    <T extends Resource> T parse(Class<T> type, Incoming incoming) {
        IParser parser = context.newJsonParser();
        parser.setParserErrorHandler(new Refusing(type.getSimpleName()));
        try {
            return parser.parseResource(type, new String(incoming.content(), UTF_8));
        } catch (Refusal e) {
            throw e;
        } catch (DataFormatException e) {
            throw refusal(type.getSimpleName(), e);
        } catch (RuntimeException e) {
            throw Refusal.malformed(
                    "The " + type.getSimpleName() + " does not have the structure of an R4 resource.",
                    type.getSimpleName());
        }
    }

    private static Refusal refusal(String type, DataFormatException e) {
        Matcher matcher = ELEMENT.matcher(String.valueOf(e.getMessage()));
        String element = matcher.find() ? type + "." + matcher.group(1) : type;
        return Refusal.malformed("The value of " + element + " is not of the type R4 gives it.", element);
    }

    private static final class Refusing extends LenientErrorHandler implements IParserErrorHandler {

        private final String type;

        Refusing(String type) {
            super(false);
            this.type = type;
        }

        @Override
        public void unknownElement(IParseLocation location, String element) {
            throw refused(location, element, "is not an element of R4");
        }

        @Override
        public void unexpectedRepeatingElement(IParseLocation location, String element) {
            throw refused(location, element, "may stand there only once");
        }

        @Override
        public void invalidValue(IParseLocation location, String value, String error) {
            throw refused(location, null, "has a value that R4 does not allow");
        }

        @Override
        public void incorrectJsonType(
                IParseLocation location,
                String element,
                ValueType expected,
                @Nullable ScalarType expectedScalar,
                ValueType found,
                @Nullable ScalarType foundScalar) {
            throw refused(location, element, "has the wrong JSON type");
        }

        @Override
        public void missingRequiredElement(IParseLocation location, String element) {
            throw refused(location, element, "is required");
        }

        @Override
        public void extensionContainsValueAndNestedExtensions(IParseLocation location) {
            throw refused(location, null, "holds both a value and extensions");
        }

        private Refusal refused(@Nullable IParseLocation location, @Nullable String element, String why) {
            String parent = location == null ? null : location.getParentElementName();
            String path = type;
            if (parent != null && !parent.isEmpty() && !parent.equals(type)) {
                path += "." + parent;
            }
            if (element != null && !element.equals(parent)) {
                path += "." + element;
            }
            return Refusal.malformed("The element " + path + " " + why + ".", path);
        }
    }
}
