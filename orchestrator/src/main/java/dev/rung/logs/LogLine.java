package dev.rung.logs;

/**
 * One line of a trial's log.
 *
 * @param attempt that wrote it, from 1
 * @param number counts the attempt's lines from 1, those that were dropped too
 * @param time milliseconds since 1970, by the node's clock
 * @param text without a line break; may hold other control characters
 */
public record LogLine(int attempt, long number, long time, String text) {}
