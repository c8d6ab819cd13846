package health.throughline.consent;

/** What may be said even to who refused messages, because they asked for it or the law wants it (K5, K6). */
public enum Courtesy {
    /** The one confirmation of an opt-out. */
    CONFIRMS_OPT_OUT,
    /** The answer to HELP. */
    ANSWERS_HELP
}
