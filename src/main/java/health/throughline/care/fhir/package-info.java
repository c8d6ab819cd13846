/** Takes FHIR R4 in: understands what journeys need, keeps the rest as it came. FHIR types stay here. */
@NullMarked
package health.throughline.care.fhir;

import org.jspecify.annotations.NullMarked;
