/** What the tests of other projects assert, as ours: one class a project, one test a scenario. */
@NullMarked
package dev.rung.conformance;

import org.jspecify.annotations.NullMarked;
