@NullMarked
package health.throughline.organization;

import org.jspecify.annotations.NullMarked;
