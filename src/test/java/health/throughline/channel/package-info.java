@NullMarked
package health.throughline.channel;

import org.jspecify.annotations.NullMarked;
