package health.throughline.care;

import health.throughline.organization.OrgUnitId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lines of the data-quality report: what in the record keeps a message from being right. One open line per kind and subject. */
public interface Findings {

    /**
     * @param subject what it is about, for example {@code Location/loc-12}
     * @param sentence what is wrong and how to mend it, without patient data
     */
    void found(
            String kind,
            boolean blocking,
            @Nullable OrgUnitId unit,
            @Nullable UUID patient,
            String subject,
            String sentence);
}
