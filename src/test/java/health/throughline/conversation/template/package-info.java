@NullMarked
package health.throughline.conversation.template;

import org.jspecify.annotations.NullMarked;
