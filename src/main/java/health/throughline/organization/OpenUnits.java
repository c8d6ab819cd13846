package health.throughline.organization;

import java.util.List;

/** Units that may do what they could not before, and whose visits are therefore still to be looked through. The mark outlives a node. */
public interface OpenUnits {

    void mark(OrgUnitId unit);

    /** The unit and all below it that are not off. */
    void markWithThoseBelow(OrgUnitId unit);

    List<Marked> marked();

    /** Takes the mark off, unless the unit was marked again since: what was passed over before that is still to be looked at. */
    void lookedThrough(Marked unit);

    /**
     * @param mark counts how often the unit was marked
     * @param phase as it stands in the table; what a node remembers of it may be older
     */
    record Marked(OrgUnitId unit, int mark, OrgUnit.Phase phase) {}
}
