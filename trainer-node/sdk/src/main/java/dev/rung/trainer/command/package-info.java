/**
 * The command line of a trainer node: implement {@link dev.rung.trainer.command.NodeProgram} and
 * pass it to {@link dev.rung.trainer.command.NodeCommand#run}.
 */
@NullMarked
package dev.rung.trainer.command;

import org.jspecify.annotations.NullMarked;
