/** The trainer nodes that are connected, and how their slots meet the demand of studies. */
@NullMarked
package dev.rung.fleet;

import org.jspecify.annotations.NullMarked;
