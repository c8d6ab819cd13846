package health.throughline.simulator;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntBinaryOperator;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** Small pictures a simulated patient has at hand, drawn as PNG (RFC 2083). */
final class SamplePictures {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 360;
    private static final int[][] SPOTS = {{150, 120, 26}, {210, 170, 34}, {280, 130, 22}, {250, 235, 30}, {330, 200, 26}
    };

    private SamplePictures() {}

    static Optional<byte[]> of(String name) {
        return switch (name) {
            case "arm" -> Optional.of(png(SamplePictures::arm));
            case "card" -> Optional.of(png(SamplePictures::card));
            default -> Optional.empty();
        };
    }

    /** Skin with red spots. */
    private static int arm(int x, int y) {
        double edge = 70 + 12 * Math.sin(x / 70.0);
        if (y < edge || y > HEIGHT - edge) {
            return 0xd9e2ea;
        }
        for (int[] spot : SPOTS) {
            double distance = Math.hypot(x - spot[0], y - spot[1]);
            if (distance < spot[2]) {
                return distance < spot[2] * 0.6 ? 0xc4423c : 0xd97f6d;
            }
        }
        return 0xe6b796 - 0x010101 * (int) (8 * Math.abs(Math.sin(y / 40.0)));
    }

    /** A card with a band, lines and a stripe. */
    private static int card(int x, int y) {
        boolean onCard = x > 40 && x < WIDTH - 40 && y > 60 && y < HEIGHT - 60;
        if (!onCard) {
            return 0x7a6a58;
        }
        if (y < 120) {
            return 0x1f5f8b;
        }
        boolean line = (y / 14) % 3 == 0 && y < 250 && x > 70 && x < 70 + 180 + (y * 37) % 110;
        return line ? 0x56626d : 0xf6f7f9;
    }

    private static byte[] png(IntBinaryOperator colour) {
        try {
            var out = new ByteArrayOutputStream();
            out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
            var head = new ByteArrayOutputStream();
            var numbers = new DataOutputStream(head);
            numbers.writeInt(WIDTH);
            numbers.writeInt(HEIGHT);
            // eight bits, red green blue, nothing else
            numbers.write(new byte[] {8, 2, 0, 0, 0});
            chunk(out, "IHDR", head.toByteArray());
            var pixels = new ByteArrayOutputStream();
            try (var deflated = new DeflaterOutputStream(pixels, new Deflater(Deflater.BEST_COMPRESSION))) {
                for (int y = 0; y < HEIGHT; y++) {
                    deflated.write(0);
                    for (int x = 0; x < WIDTH; x++) {
                        int rgb = colour.applyAsInt(x, y);
                        deflated.write(rgb >> 16);
                        deflated.write(rgb >> 8);
                        deflated.write(rgb);
                    }
                }
            }
            chunk(out, "IDAT", pixels.toByteArray());
            chunk(out, "IEND", new byte[0]);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        var crc = new CRC32();
        crc.update(name);
        crc.update(data);
        var to = new DataOutputStream(out);
        to.writeInt(data.length);
        to.write(name);
        to.write(data);
        to.writeInt((int) crc.getValue());
    }
}
