/** What trials say while they train: capped, rotating files of lines. */
@NullMarked
package dev.rung.logs;

import org.jspecify.annotations.NullMarked;
