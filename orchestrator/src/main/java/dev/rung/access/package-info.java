/** Who may call a server, and the keys that it is spoken to with. */
@NullMarked
package dev.rung.access;

import org.jspecify.annotations.NullMarked;
