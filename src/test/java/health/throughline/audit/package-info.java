@NullMarked
package health.throughline.audit;

import org.jspecify.annotations.NullMarked;
