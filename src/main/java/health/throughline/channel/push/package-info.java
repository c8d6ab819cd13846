/** Wakes a patient's browser, where they asked for it, to say that something waits: nothing of what waits is ever said there. */
@NullMarked
package health.throughline.channel.push;

import org.jspecify.annotations.NullMarked;
