/** The command line: thin over the api, with local processes for a quick start. */
@NullMarked
package dev.rung.cli;

import org.jspecify.annotations.NullMarked;
