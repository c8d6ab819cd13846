package health.throughline.journey;

import health.throughline.conversation.MessageFailed;

/** What a journey said reached nobody, and the journey does not wait to hear of that: a person has to say it. */
public record SaidInVain(MessageFailed failed) {}
