package health.throughline;

/** The product must not start as it is. The message is for the operator: what is wrong, and which setting mends it. */
public final class StartRefused extends IllegalStateException {

    private final String what;
    private final String mend;

    /** @param mend names the setting */
    public StartRefused(String what, String mend) {
        super(what + " " + mend);
        this.what = what;
        this.mend = mend;
    }

    String what() {
        return what;
    }

    String mend() {
        return mend;
    }
}
