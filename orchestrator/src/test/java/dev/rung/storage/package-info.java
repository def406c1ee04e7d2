/** Tests of the storage. */
@NullMarked
package dev.rung.storage;

import org.jspecify.annotations.NullMarked;
