/**
 * Where checkpoints are kept: in folders, or in buckets that speak S3. Trainers write and read
 * them, servers hand them out; both know a checkpoint by its place alone.
 */
@NullMarked
package dev.rung.checkpoint;

import org.jspecify.annotations.NullMarked;
