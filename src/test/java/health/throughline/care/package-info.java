@NullMarked
package health.throughline.care;

import org.jspecify.annotations.NullMarked;
