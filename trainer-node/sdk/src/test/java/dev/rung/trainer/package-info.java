/** Tests of the trainer node against a server that a test plays by hand. */
@NullMarked
package dev.rung.trainer;

import org.jspecify.annotations.NullMarked;
