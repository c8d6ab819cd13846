package health.throughline.coordination;

import java.util.UUID;

/** Published synchronously when a task came, changed hands or was closed: for worklists that are open. */
record TaskChanged(UUID task, Kind kind, UUID orgUnit) {

    /** What an open worklist is told. */
    enum Kind {
        CREATED,
        CHANGED,
        CLOSED
    }
}
