/** What clients call: the gRPC services, their messages, and their errors. */
@NullMarked
package dev.rung.api;

import org.jspecify.annotations.NullMarked;
