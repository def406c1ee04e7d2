package dev.rung.halving;

/**
 * A ladder that is better than the one in force.
 *
 * @param ladder with the next version
 * @param evidence why, for a person
 */
public record Revision(Ladder ladder, String evidence) {}
