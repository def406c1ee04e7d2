package dev.rung.exec;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What one line of a command says of its training.
 *
 * @param step as Rung counts, from 1
 * @param metrics by name; empty: only a checkpoint
 * @param cost so far, in a unit of the user's own
 * @param checkpoint path of a checkpoint that was taken at the step and is written whole
 */
record Report(
    long step, Map<String, Double> metrics, OptionalDouble cost, Optional<String> checkpoint) {}
