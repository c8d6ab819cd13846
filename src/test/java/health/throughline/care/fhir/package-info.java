@NullMarked
package health.throughline.care.fhir;

import org.jspecify.annotations.NullMarked;
