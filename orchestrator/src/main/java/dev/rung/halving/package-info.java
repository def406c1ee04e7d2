/** Ladders, rungs, and the rules that judge their entries. */
@NullMarked
package dev.rung.halving;

import org.jspecify.annotations.NullMarked;
