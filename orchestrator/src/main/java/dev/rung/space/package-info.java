/** Search spaces: parameters, assignments, and their places in the unit cube. */
@NullMarked
package dev.rung.space;

import org.jspecify.annotations.NullMarked;
