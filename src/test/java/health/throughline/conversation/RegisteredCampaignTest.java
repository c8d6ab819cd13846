package health.throughline.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import health.throughline.channel.Channel;
import health.throughline.patient.PatientId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@DisplayName("K17: no registered campaign, no send")
class RegisteredCampaignTest extends TextingTest {

    @Autowired
    private Attempts attempts;

    @AfterEach
    void asTheSettingsSay() {
        senders.afterPropertiesSet();
    }

    @Test
    void refusesEveryTextOfASenderThatIsNotRegistered() {
        String number = aNumber();
        PatientId patient = aPatient(number);
        var written = leased(patient, "before");
        registered(false);

        assertThat(send(patient, "now", null))
                .as("by a call, which needs no campaign, or not at all")
                .extracting(Object::toString)
                .asString()
                .containsAnyOf("channel=voice", "K17.no-campaign");
        assertThat(attempts.start(written, "test")).isEmpty();
        assertThat(standing(written.message()).reason()).isEqualTo("K17.no-campaign");
        assertThat(requestsTo(number)).isEmpty();

        // what the settings say is written at every start, whatever stood there
        senders.afterPropertiesSet();
        assertThat(send(patient, "then", null)).isNotInstanceOf(Conversations.Refused.class);
    }

    private void registered(boolean is) {
        asOwner()
                .sql("update sender set campaign_registered = ? where id = ?")
                .params(is, Senders.senderId(Channel.SMS))
                .update();
    }
}
