@NullMarked
package health.throughline.simulator;

import org.jspecify.annotations.NullMarked;
