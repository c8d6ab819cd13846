@NullMarked
package health.throughline.selfservice;

import org.jspecify.annotations.NullMarked;
