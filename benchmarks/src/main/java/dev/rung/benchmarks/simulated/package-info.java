/** What the simulator shows, beside figures that are known, and how fast it is. */
@NullMarked
package dev.rung.benchmarks.simulated;

import org.jspecify.annotations.NullMarked;
