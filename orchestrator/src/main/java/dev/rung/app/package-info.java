/** Puts a server together: settings, wiring, start and shutdown. */
@NullMarked
package dev.rung.app;

import org.jspecify.annotations.NullMarked;
