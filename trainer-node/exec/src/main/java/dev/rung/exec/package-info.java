/**
 * Makes a trainer of any command: {@link dev.rung.exec.ExecProgram} starts it for each attempt,
 * reads metrics from what it prints, and ends it with all of its processes.
 */
@NullMarked
package dev.rung.exec;

import org.jspecify.annotations.NullMarked;
