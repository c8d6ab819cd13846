@NullMarked
package health.throughline.patient;

import org.jspecify.annotations.NullMarked;
