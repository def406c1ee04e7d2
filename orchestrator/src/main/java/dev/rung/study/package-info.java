/**
 * The study: its plan, state, commands and events, the kernel that decides, and the actors that
 * only wire it.
 */
@NullMarked
package dev.rung.study;

import org.jspecify.annotations.NullMarked;
