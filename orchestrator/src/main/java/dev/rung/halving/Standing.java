package dev.rung.halving;

/**
 * Where a trial stands among those that a rule compares it with.
 *
 * @param rank number of entries before it
 * @param n number of entries, this one included
 * @param cutoff a rank below it may go on
 */
public record Standing(int rank, int n, int cutoff) {}
