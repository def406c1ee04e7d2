/** Searchers: what proposes assignments. */
@NullMarked
package dev.rung.searcher;

import org.jspecify.annotations.NullMarked;
