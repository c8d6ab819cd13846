/** Throughline: one connected conversation that follows a patient through care. Each sub-package is a module. */
@NullMarked
package health.throughline;

import org.jspecify.annotations.NullMarked;
