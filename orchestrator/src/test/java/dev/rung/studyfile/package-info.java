/** Tests of study files. */
@NullMarked
package dev.rung.studyfile;

import org.jspecify.annotations.NullMarked;
