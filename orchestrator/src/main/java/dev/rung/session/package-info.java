/** Trainer sessions: one actor owns one gRPC stream of one node. */
@NullMarked
package dev.rung.session;

import org.jspecify.annotations.NullMarked;
