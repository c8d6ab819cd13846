@NullMarked
package health.throughline.encryption;

import org.jspecify.annotations.NullMarked;
