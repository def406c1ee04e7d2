/**
 * The ceiling that durable points are held against: what the journal, the wire and a group commit
 * cost alone. No study, no rungs, no read side.
 */
@NullMarked
package dev.rung.benchmarks.bare;

import org.jspecify.annotations.NullMarked;
