@NullMarked
package health.throughline.journey;

import org.jspecify.annotations.NullMarked;
