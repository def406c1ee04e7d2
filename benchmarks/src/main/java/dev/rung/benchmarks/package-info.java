/** Measurements of Rung's parts and of the whole. */
@NullMarked
package dev.rung.benchmarks;

import org.jspecify.annotations.NullMarked;
