package dev.rung.study;

/**
 * Where a copy comes from.
 *
 * @param parent number of the trial that it is a changed copy of
 * @param rung index of the rung that it heads for
 * @param checkpoint of the parent, which it goes on from
 */
public record Lineage(int parent, int rung, Entry.Checkpoint checkpoint) {}
