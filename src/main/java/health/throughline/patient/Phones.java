package health.throughline.patient;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;

/** Reads phone numbers as people write them; without a country code they are numbers of the United States. */
final class Phones {

    private static final String REGION = "US";
    private static final int LONGEST = 40;
    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();

    private Phones() {}

    /** @throws IllegalArgumentException naming what is wrong, without the number */
    static String normalise(String text) {
        return NUMBERS.format(parse(text), PhoneNumberFormat.E164);
    }

    /** Whether the numbering plan itself says that no text message can arrive there. */
    static boolean isFixedLine(String text) {
        return NUMBERS.getNumberType(parse(text)) == PhoneNumberType.FIXED_LINE;
    }

    private static PhoneNumber parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("is longer than a phone number can be");
        }
        PhoneNumber number;
        try {
            number = NUMBERS.parse(text, REGION);
        } catch (NumberParseException e) {
            throw new IllegalArgumentException("is not a phone number", e);
        }
        if (!NUMBERS.isValidNumber(number)) {
            throw new IllegalArgumentException("is not a number that is in use in its country");
        }
        return number;
    }
}
