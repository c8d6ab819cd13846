package health.throughline.consent;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.consent.SendFacts.Said;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** K5: what a revocation reaches, as the data file has it. */
class RevocationsTest {

    private final Revocations table =
            Facts.FILES.inForce(RuleFiles.REVOCATIONS, Facts.NOON).as(Revocations.class);

    @ParameterizedTest
    @CsvSource({
        // how, by whom or about what, then: text, call, mail, chat
        "sms-keyword, address, true, true, true, true",
        "sms-keyword, same-number, true, true, true, true",
        "sms-wording, same-number, true, true, true, true",
        "voice-key, same-number, true, true, true, true",
        "voice-speech, same-number, true, true, true, true",
        "carrier, same-number, true, true, true, true",
        "wrong-number, same-number, true, true, true, true",
        "email-unsubscribe, address, false, false, true, false",
        "email-unproven, address, false, false, true, false",
        "email-wording, party, true, true, true, false",
        "chat-wording, party, true, true, true, false",
        "chat-wording, address, true, true, true, false",
        "staff, party, true, true, true, false",
        "portal, party, true, true, true, false",
        "ehr, party, true, true, true, true",
        "something-new, same-number, true, true, true, true",
        "something-new, party, true, true, true, true"
    })
    void k5Reaches(String how, String about, boolean text, boolean call, boolean mail, boolean chat) {
        Said said = new Said(
                false,
                "*",
                how,
                about.equals("party"),
                !about.equals("party"),
                Facts.NOON,
                about.equals("same-number"),
                "*",
                null,
                false);
        Map.of("sms", text, "voice", call, "email", mail, "chat", chat)
                .forEach((channel, reached) -> assertThat(table.reaches(said, channel))
                        .as("%s about the %s, for %s", how, about, channel)
                        .isEqualTo(reached));
    }

    @Test
    void k5WhoIsMeantByASharedPhoneAndByAWordToANurse() {
        assertThat(table.of("sms-keyword").persons()).isEqualTo(Revocations.Persons.EVERYBODY_THERE);
        assertThat(table.of("sms-keyword").addresses()).isEqualTo(Revocations.Addresses.SAME_NUMBER);
        assertThat(table.of("staff").persons()).isEqualTo(Revocations.Persons.THE_PERSON);
        assertThat(table.of("email-wording").addresses()).isEqualTo(Revocations.Addresses.ALL_OF_THEIRS);
    }

    @Test
    void k5EveryMannerOfEveryChannelThatHasOneIsInTheTable() {
        for (String channel : java.util.List.of("sms", "voice", "email", "chat")) {
            for (ConsentLedger.Manner manner :
                    java.util.List.of(ConsentLedger.Manner.KEYWORD, ConsentLedger.Manner.WORDING)) {
                assertThat(table.triggers())
                        .containsKey(ConsentLedger.how(health.throughline.channel.Channel.ofCode(channel), manner));
            }
        }
        assertThat(table.triggers()).containsKeys("voice-key", "email-unsubscribe", "email-unproven");
    }
}
