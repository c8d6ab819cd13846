@NullMarked
package health.throughline;

import org.jspecify.annotations.NullMarked;
