/** Talks with visitors of the hospital's sites while they look at the page. */
@NullMarked
package health.throughline.channel.chat;

import org.jspecify.annotations.NullMarked;
