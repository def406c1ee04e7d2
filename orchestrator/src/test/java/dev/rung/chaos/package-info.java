/** Real processes that are killed, stopped and cut off while a study runs. */
@NullMarked
package dev.rung.chaos;

import org.jspecify.annotations.NullMarked;
