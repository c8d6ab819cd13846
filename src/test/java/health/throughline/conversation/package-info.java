@NullMarked
package health.throughline.conversation;

import org.jspecify.annotations.NullMarked;
