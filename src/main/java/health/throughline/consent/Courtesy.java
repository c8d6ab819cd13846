package health.throughline.consent;

/** What a message is that follows rules of its own: some may be said even to who refused messages (K5, K6). */
public enum Courtesy {
    /** The one confirmation of an opt-out. */
    CONFIRMS_OPT_OUT,
    /** The answer to HELP. */
    ANSWERS_HELP,
    /**
     * A one-time code: somebody on our pages asked for it, and whether they are who is reached there is what it is to show. So it keeps no
     * hour and no budget, and goes only where the patient is known to be reached (K9, K12).
     */
    CARRIES_A_CODE
}
