package health.throughline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import health.throughline.channel.twilio.TwilioSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.core.env.Profiles;
import org.springframework.core.env.StandardEnvironment;

/** What an operator reads where a production setting is missing. Only settings and key file are started: they need no database. */
@ExtendWith(OutputCaptureExtension.class)
class ProductionStartTest {

    @TestConfiguration
    @ConfigurationPropertiesScan("health.throughline")
    @ComponentScan(
            basePackages = "health.throughline.encryption",
            useDefaultFilters = false,
            includeFilters = @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*\\.FileKeyVault"))
    static class SettingsAndKeys {}

    @TempDir
    private Path folder;

    private final Map<String, String> settings = new LinkedHashMap<>();

    @BeforeEach
    void everythingIsSet() {
        settings.put("spring.datasource.url", "jdbc:postgresql://localhost:5432/throughline");
        settings.put("throughline.public-url", "https://journeys.example.org");
        settings.put("throughline.twilio.account-sid", "AC" + "0".repeat(32));
        settings.put("throughline.twilio.auth-token", "made-up");
        settings.put("throughline.twilio.from", "+13035550100");
        settings.put(
                "throughline.encryption.key-file", folder.resolve("keys.json").toString());
        settings.put("throughline.encryption.create-key-file", "true");
    }

    @Test
    void startsWithEverythingSetAndNotInLocalMode() {
        try (var context = start()) {
            assertThat(context.getEnvironment().acceptsProfiles(Profiles.of("local")))
                    .isFalse();
            assertThat(context.getEnvironment().getPropertySources().contains("localMode"))
                    .isFalse();
        }
        assertThat(folder.resolve("keys.json")).exists();
    }

    @Test
    void k17TakesNoCampaignForRegisteredThatNobodySaidIs() {
        try (var context = start()) {
            assertThat(context.getBean(TwilioSettings.class).campaignRegistered())
                    .isFalse();
        }
        settings.put("throughline.twilio.campaign-registered", "true");
        try (var context = start()) {
            assertThat(context.getBean(TwilioSettings.class).campaignRegistered())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "throughline.public-url, THROUGHLINE_PUBLIC_URL is not set to an address.",
        "throughline.twilio.account-sid, THROUGHLINE_TWILIO_ACCOUNT_SID is not set.",
        "throughline.twilio.auth-token, THROUGHLINE_TWILIO_AUTH_TOKEN is not set.",
        "throughline.twilio.from, Neither THROUGHLINE_TWILIO_FROM nor THROUGHLINE_TWILIO_MESSAGING_SERVICE_SID is set.",
        "throughline.encryption.create-key-file, There is no key file at THROUGHLINE_ENCRYPTION_KEY_FILE"
    })
    void namesTheSettingThatIsMissing(String missing, String sentence, CapturedOutput output) {
        settings.remove(missing);
        refuses(sentence, output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"throughline.twilio.account-sid", "throughline.twilio.auth-token"})
    void takesABlankCredentialForAMissingOne(String blank, CapturedOutput output) {
        settings.put(blank, " ");
        refuses("is not set.", output);
    }

    @Test
    void takesNoAddressWithoutAScheme(CapturedOutput output) {
        settings.put("throughline.public-url", "journeys.example.org");
        refuses("THROUGHLINE_PUBLIC_URL is not set to an address.", output);
    }

    @ParameterizedTest
    @CsvSource({
        "BP4z, yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw, mailto:it@example.org, are no pair of VAPID keys",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4,"
                + " yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw, mailto:it@example.org, are no pair of VAPID keys",
        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8,"
                + " yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw, it@example.org, THROUGHLINE_PUSH_CONTACT is no mailto:"
    })
    void takesNoMalformedKeyForNotices(
            String open, String secret, String contact, String sentence, CapturedOutput output) {
        settings.put("throughline.push.public-key", open);
        settings.put("throughline.push.private-key", secret);
        settings.put("throughline.push.contact", contact);
        refuses(sentence, output);
        assertThat(output).doesNotContain(secret);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from                  |                            | THROUGHLINE_EMAIL_FROM is not set, and mail is to be sent.",
                "from                  | ' '                        | THROUGHLINE_EMAIL_FROM is not set, and mail is to be sent.",
                "from                  | no-address                 | THROUGHLINE_EMAIL_FROM is not an address such as care@example.org",
                "from                  | a-name-far-too-long@x.org  | with at most 16 characters before the @",
                "from-name             | ' '                        | THROUGHLINE_EMAIL_FROM_NAME is not set, and mail is to be sent.",
                "mailbox               | two@x.org,three@x.org      | THROUGHLINE_EMAIL_MAILBOX is not an address such as",
                "postal-address        |                            | THROUGHLINE_EMAIL_POSTAL_ADDRESS is not set, and mail is to be sent.",
                "smtp.security         | NONE                       | THROUGHLINE_EMAIL_SMTP_SECURITY is NONE",
                "imap.host             | ' '                        | THROUGHLINE_EMAIL_IMAP_HOST is not set, and mail is to be sent.",
                "imap.username         |                            | THROUGHLINE_EMAIL_IMAP_USERNAME is not set, and mail is to be sent.",
                "imap.password         | ' '                        | THROUGHLINE_EMAIL_IMAP_PASSWORD is not set, and mail is to be sent.",
                "imap.security         | NONE                       | THROUGHLINE_EMAIL_IMAP_SECURITY is NONE",
                "imap.batch            | 0                          | THROUGHLINE_EMAIL_IMAP_BATCH or THROUGHLINE_EMAIL_HOURLY is less than 1.",
                "hourly                | 0                          | THROUGHLINE_EMAIL_IMAP_BATCH or THROUGHLINE_EMAIL_HOURLY is less than 1."
            })
    void namesTheMailSettingThatIsMissingOrWrong(String name, String value, String sentence, CapturedOutput output) {
        mailIsServed();
        if (value == null) {
            settings.remove("throughline.email." + name);
        } else {
            settings.put("throughline.email." + name, value);
        }
        refuses(sentence, output);
    }

    @Test
    void startsWithMailServed() {
        mailIsServed();
        start().close();
    }

    private void mailIsServed() {
        settings.put("throughline.email.smtp.host", "smtp.example.org");
        settings.put("throughline.email.from", "care@example.org");
        settings.put("throughline.email.from-name", "Mercy Valley");
        settings.put("throughline.email.postal-address", "100 Example Avenue, Denver, CO 80203");
        settings.put("throughline.email.imap.host", "imap.example.org");
        settings.put("throughline.email.imap.username", "care");
        settings.put("throughline.email.imap.password", "made-up");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "throughline.attachments.largest   | 1GB                      | THROUGHLINE_ATTACHMENTS_LARGEST is not between 1B and 100MB.",
                "throughline.attachments.tries     | 0                        | THROUGHLINE_ATTACHMENTS_TRIES",
                "throughline.twilio.media.hosts    | https://mms.twiliocdn.com | THROUGHLINE_TWILIO_MEDIA_HOSTS holds something that is no name",
                "throughline.twilio.media.hosts    | 10.0.0.1                 | THROUGHLINE_TWILIO_MEDIA_HOSTS holds something that is no name",
                "throughline.twilio.media.timeout  | 0s                       | THROUGHLINE_TWILIO_MEDIA_TIMEOUT is not above zero.",
                "throughline.chat.units            | https://x.org=/all/mercy/ | THROUGHLINE_CHAT_UNITS holds something that is no site with its unit."
            })
    void namesTheSettingOfPicturesOrTheChatThatCannotBe(
            String name, String value, String sentence, CapturedOutput output) {
        settings.put(name, value);
        refuses(sentence, output);
    }

    @Test
    void takesNoHospitalOfTheChatThatIsNoPath(CapturedOutput output) {
        settings.put("throughline.chat.hospital-path", "Mercy Valley");
        refuses("THROUGHLINE_CHAT_HOSPITAL_PATH is no path of a hospital.", output);
    }

    @Test
    void takesNoDamagedKeyFile(CapturedOutput output) throws Exception {
        Files.writeString(folder.resolve("keys.json"), "half a key");
        refuses("is damaged", output);
    }

    @Test
    void simulatesNothing() {
        var scan = new ClassPathScanningCandidateComponentProvider(true, new StandardEnvironment());
        assertThat(scan.findCandidateComponents("health.throughline.simulator")).isEmpty();
        assertThat(scan.findCandidateComponents("health.throughline.local")).isEmpty();
    }

    private void refuses(String sentence, CapturedOutput output) {
        assertThat(catchThrowable(this::start)).isNotNull();
        assertThat(output).contains("APPLICATION FAILED TO START").contains(sentence);
        assertThat(output).doesNotContain("\tat ").doesNotContain("Caused by:");
    }

    private ConfigurableApplicationContext start() {
        List<String> arguments = new ArrayList<>();
        settings.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return new SpringApplicationBuilder(SettingsAndKeys.class)
                .web(WebApplicationType.NONE)
                .run(arguments.toArray(String[]::new));
    }
}
