package dev.rung.halving;

/**
 * The search for the first rung at which values tell something: the first trials are carried on to
 * a reference rung whatever their rank.
 *
 * @param reference index of the rung that they are carried to
 * @param probes how many trials are carried
 */
public record Probing(int reference, int probes) {}
