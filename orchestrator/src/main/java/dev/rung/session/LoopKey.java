package dev.rung.session;

/**
 * A loop of a study.
 *
 * @param study its id
 * @param client name of the loop
 */
record LoopKey(String study, String client) {}
