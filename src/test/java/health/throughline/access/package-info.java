@NullMarked
package health.throughline.access;

import org.jspecify.annotations.NullMarked;
