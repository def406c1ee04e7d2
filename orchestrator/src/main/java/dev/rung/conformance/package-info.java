/**
 * Plays the server against a trainer node and checks, rule by rule, that it speaks the protocol:
 * {@link dev.rung.conformance.Kit}.
 */
@NullMarked
package dev.rung.conformance;

import org.jspecify.annotations.NullMarked;
