/** The study file: YAML read into a study's plan, with every error of a file at once. */
@NullMarked
package dev.rung.studyfile;

import org.jspecify.annotations.NullMarked;
