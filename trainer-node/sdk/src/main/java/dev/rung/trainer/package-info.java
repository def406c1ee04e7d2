/**
 * Turns a training loop into a trainer node: implement {@link Trainer}, start a {@link
 * TrainerNode}.
 */
@NullMarked
package dev.rung.trainer;

import org.jspecify.annotations.NullMarked;
