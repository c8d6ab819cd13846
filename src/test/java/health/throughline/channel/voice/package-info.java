@NullMarked
package health.throughline.channel.voice;

import org.jspecify.annotations.NullMarked;
