package health.throughline.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Keeps checkpoints outside the database, so that a tail cut off together with its checkpoints is missed. */
@Component
class CheckpointFile {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFile.class);

    private final @Nullable Path file;

    CheckpointFile(AuditSettings settings) {
        this.file = settings.checkpointFile();
    }

    void append(Checkpoint checkpoint) {
        if (file == null) {
            return;
        }
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(
                    file,
                    checkpoint.line() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND,
                    StandardOpenOption.DSYNC);
        } catch (IOException failed) {
            // The checkpoint stands in the database; the next one is written here again.
            LOG.warn(
                    "Audit checkpoint {} could not be written to {}: {}",
                    checkpoint.sequence(),
                    file,
                    failed.toString());
        }
    }

    List<Checkpoint> all() {
        if (file == null || !Files.exists(file)) {
            return List.of();
        }
        try (var lines = Files.lines(file, StandardCharsets.UTF_8)) {
            return lines.map(Checkpoint::ofLine).flatMap(Optional::stream).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
