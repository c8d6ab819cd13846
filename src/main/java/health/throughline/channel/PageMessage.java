package health.throughline.channel;

/** Published when a message is on a page of ours, where somebody has to look for it. */
public record PageMessage(Address to, AttemptId attempt) {}
