/**
 * Studies on a virtual clock: the kernel itself, with simulated trainers whose curves come from a
 * table, from a study that was run, or from a function.
 */
@NullMarked
package dev.rung.simulate;

import org.jspecify.annotations.NullMarked;
