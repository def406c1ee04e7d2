package dev.rung.fleet;

/**
 * The slots of one kind of trainer.
 *
 * @param wanted slots that studies hold or could use now, as far as their budgets say
 * @param free slots that no trial is in
 * @param busy slots that trials are in
 */
public record SlotCount(String kind, int wanted, int free, int busy) {}
