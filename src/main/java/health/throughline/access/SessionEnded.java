package health.throughline.access;

/**
 * A user signed out or was disabled, on this node: open event streams of theirs end now. (A second browser of the same user connects anew.)
 */
public record SessionEnded(String username) {}
