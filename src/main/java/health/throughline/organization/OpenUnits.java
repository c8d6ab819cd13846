package health.throughline.organization;

import java.util.List;

/** Units that may do what they could not before, and whose visits are therefore still to be looked through. The mark outlives a node. */
public interface OpenUnits {

    void mark(OrgUnitId unit);

    /** The unit and all below it that are not off. */
    void markWithThoseBelow(OrgUnitId unit);

    List<Marked> marked();

    /** Takes the mark off, unless the unit was changed since. */
    void lookedThrough(Marked unit);

    record Marked(OrgUnitId unit, int version) {}
}
