package dev.rung.halving;

/**
 * What a verdict rests on.
 *
 * @param rule name of the rule
 * @param rung index of the rung
 * @param level its level, in the study's unit
 * @param value the trial's value there as the trainer sent it; may be NaN or infinite
 * @param rank number of entries before it, as the rule counts those of equal value
 * @param n entries in the rung, this one included
 * @param cutoff a rank below it may go on
 * @param ladderVersion of the ladder in force
 */
public record Evidence(
    String rule,
    int rung,
    long level,
    double value,
    int rank,
    int n,
    int cutoff,
    int ladderVersion) {}
