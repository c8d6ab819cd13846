package health.throughline.channel.email;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/** Debian's Postfix with folders of its own, on a port of this machine, passing everything on to one server. */
final class Postfix implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/postfix");
    private static final int SECONDS = 30;

    private final Path folder;
    private final int port;

    private Postfix(Path folder) throws IOException {
        this.folder = folder;
        try (var free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
    }

    /** Whether it is installed, and may be started: it begins as root. */
    static boolean isThere() {
        return Files.isExecutable(PROGRAM) && "root".equals(System.getProperty("user.name"));
    }

    static Postfix passingOnTo(int sink) throws IOException, InterruptedException {
        // below /tmp: its own user has to get in
        Path folder = Files.createTempDirectory(Path.of("/tmp"), "postfix-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Postfix postfix = new Postfix(folder);
        postfix.configure(sink);
        postfix.run("start");
        return postfix;
    }

    int port() {
        return port;
    }

    private void configure(int sink) throws IOException, InterruptedException {
        Path configuration = Files.createDirectories(folder.resolve("etc"));
        Files.createDirectories(folder.resolve("queue"));
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.setOwner(
                data, data.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix"));
        Files.writeString(configuration.resolve("main.cf"), """
            compatibility_level = 3.6
            config_directory = %1$s/etc
            queue_directory = %1$s/queue
            data_directory = %1$s/data
            command_directory = /usr/sbin
            daemon_directory = /usr/lib/postfix/sbin
            mail_owner = postfix
            setgid_group = postdrop
            myhostname = mta.throughline.test
            mydestination =
            mynetworks = 127.0.0.0/8
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            relayhost = [127.0.0.1]:%2$d
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtp_dns_support_level = disabled
            smtp_host_lookup = native
            alias_maps =
            alias_database =
            local_recipient_maps =
            local_transport = error:nobody lives here
            biff = no
            maillog_file = %1$s/postfix.log
            maillog_file_prefixes = /tmp
            """.formatted(folder, sink));
        Files.writeString(configuration.resolve("master.cf"), """
            127.0.0.1:%d inet n - n - - smtpd
            pickup unix n - n 60 1 pickup
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            error unix - - n - - error
            retry unix - - n - - error
            smtp unix - - n - - smtp
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd
            """.formatted(port));
    }

    private void run(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        PROGRAM.toString(), "-c", folder.resolve("etc").toString(), command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(command + ".out").toFile())
                .start();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "postfix " + command + ": " + Files.readString(folder.resolve(command + ".out")) + log());
        }
    }

    /** What it wrote about its work, for a test that fails. */
    String log() throws IOException {
        Path log = folder.resolve("postfix.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("stop");
        try (var files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder()).map(Path::toFile).forEach(java.io.File::delete);
        }
    }
}
