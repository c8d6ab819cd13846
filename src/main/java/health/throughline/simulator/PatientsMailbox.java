package health.throughline.simulator;

import com.icegreen.greenmail.mail.MovingMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import jakarta.mail.internet.MimeMessage;
import java.util.function.BiConsumer;

/** Whoever has that address: what comes is shown, and nothing can be read over IMAP. */
record PatientsMailbox(String address, BiConsumer<String, MovingMessage> arrived) implements GreenMailUser {

    @Override
    public void deliver(MovingMessage message) {
        arrived.accept(address, message);
    }

    @Override
    public void deliver(MimeMessage message) {
        throw new UnsupportedOperationException("Only the product's mailbox takes mail this way");
    }

    @Override
    public String getEmail() {
        return address;
    }

    @Override
    public String getLogin() {
        return address;
    }

    @Override
    public String getPassword() {
        return "";
    }

    @Override
    public void setPassword(String password) {}

    @Override
    public void create() {}

    @Override
    public void delete() {}

    @Override
    public void authenticate(String password) throws com.icegreen.greenmail.user.UserException {
        throw new com.icegreen.greenmail.user.UserException("Nobody signs in here");
    }

    @Override
    public String getQualifiedMailboxName() {
        return address;
    }
}
