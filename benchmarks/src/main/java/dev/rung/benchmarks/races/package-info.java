/** Algorithms side by side on learning curves of real trainings. */
@NullMarked
package dev.rung.benchmarks.races;

import org.jspecify.annotations.NullMarked;
