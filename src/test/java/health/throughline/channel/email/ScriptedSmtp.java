package health.throughline.channel.email;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A mail server that says at each step what a test tells it to: a reply, {@code CLOSE}, or {@code SILENCE}. Counts what it saw. */
final class ScriptedSmtp implements AutoCloseable {

    static final String CLOSE = "CLOSE";
    static final String SILENCE = "SILENCE";

    private final ServerSocket server;
    private final Map<String, String> replies;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> mails = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    /** @param replies by step: {@code GREETING, EHLO, MAIL, RCPT, DATA, DOT}; or {@code RCPT name@} for one recipient; what is not named goes well */
    ScriptedSmtp(Map<String, String> replies) {
        this.replies = replies;
        try {
            server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    /** What came between DATA and the final dot. */
    List<String> mails() {
        return mails;
    }

    List<String> commands() {
        return commands;
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> talk(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void talk(Socket socket) {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            OutputStream out = socket.getOutputStream();
            if (!say(out, "GREETING", "220 scripted")) {
                return;
            }
            String line = in.readLine();
            while (line != null) {
                commands.add(line);
                String step = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
                if (step.equals("DATA")) {
                    if (!say(out, "DATA", "354 go on")) {
                        return;
                    }
                    if (reply("DATA", "354").startsWith("354")) {
                        var mail = new StringBuilder();
                        for (line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                            mail.append(line).append('\n');
                        }
                        if (line != null) {
                            mails.add(mail.toString());
                        }
                        if (!say(out, "DOT", "250 2.0.0 taken")) {
                            return;
                        }
                    }
                } else if (!say(out, named(step, line), "250 fine")) {
                    return;
                }
                line = in.readLine();
            }
        } catch (IOException e) {
            // the other side hung up
            return;
        }
    }

    /** The step, or the step with its recipient where a reply for that one is named. */
    private String named(String step, String line) {
        return replies.keySet().stream()
                .filter(one -> one.startsWith("RCPT ")
                        && line.toUpperCase(Locale.ROOT)
                                .startsWith("RCPT TO:<" + one.substring(5).toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElse(step);
    }

    private String reply(String step, String usual) {
        return replies.getOrDefault(step, usual);
    }

    private boolean say(OutputStream out, String step, String usual) throws IOException {
        String reply = reply(step, usual);
        if (reply.equals(CLOSE)) {
            return false;
        }
        if (!reply.equals(SILENCE)) {
            out.write((reply + "\r\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
