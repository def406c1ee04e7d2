/**
 * How a node starts the processes that its trials train in, what they may use, and how it ends
 * them. For nodes themselves: trainers need nothing of it.
 */
@NullMarked
package dev.rung.trainer.process;

import org.jspecify.annotations.NullMarked;
