/** What the server says by HTTP: metrics for Prometheus, and whether it is well. */
@NullMarked
package dev.rung.web;

import org.jspecify.annotations.NullMarked;
