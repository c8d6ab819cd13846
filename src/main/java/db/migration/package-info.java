/** Migrations that need Java: the engine's own schema, taken from its jar. */
@NullMarked
package db.migration;

import org.jspecify.annotations.NullMarked;
