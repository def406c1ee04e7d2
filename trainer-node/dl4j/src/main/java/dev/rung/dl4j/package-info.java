/**
 * Trainers for images and tables on Deeplearning4j, and what a network of one's own needs to be
 * one.
 */
@NullMarked
package dev.rung.dl4j;

import org.jspecify.annotations.NullMarked;
