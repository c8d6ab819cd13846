/** Judges wordings before anybody reads them: what they give away, how hard they are to read, what they cost. Knows no database. */
@NullMarked
package health.throughline.conversation.template;

import org.jspecify.annotations.NullMarked;
