package health.throughline.access;

/** Somebody else was faster, or the thing is past this step. Answered as 409. */
public class Conflict extends RuntimeException {

    /** @param detail what is in the way and what to do, without patient data */
    public Conflict(String detail) {
        super(detail);
    }
}
