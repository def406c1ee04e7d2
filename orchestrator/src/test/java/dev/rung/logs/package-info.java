@NullMarked
package dev.rung.logs;

import org.jspecify.annotations.NullMarked;
