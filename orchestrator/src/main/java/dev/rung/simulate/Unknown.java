package dev.rung.simulate;

/**
 * A training that was to go on past the end of its recorded curve. It ends there, and what would
 * have come of it is unknown.
 *
 * @param trial its number in the recording
 * @param milestone that it was to train to
 * @param end of its curve
 */
public record Unknown(int trial, long milestone, long end) {}
