/** The journal's wiring, the events' encoding, and the read side. */
@NullMarked
package dev.rung.storage;

import org.jspecify.annotations.NullMarked;
