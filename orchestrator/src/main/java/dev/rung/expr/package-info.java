/** Conditions in the Common Expression Language (CEL), behind {@link dev.rung.space.Expression}. */
@NullMarked
package dev.rung.expr;

import org.jspecify.annotations.NullMarked;
