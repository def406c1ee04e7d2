/** The fleet: matches the slots that sessions offer to the studies that need them. */
@NullMarked
package dev.rung.fleet;

import org.jspecify.annotations.NullMarked;
