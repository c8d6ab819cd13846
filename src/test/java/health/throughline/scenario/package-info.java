/** What people live through with the product, end to end over HTTP, and the fixtures that let such tests read as prose. */
@NullMarked
package health.throughline.scenario;

import org.jspecify.annotations.NullMarked;
