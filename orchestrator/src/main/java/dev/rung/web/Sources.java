package dev.rung.web;

import dev.rung.api.Health;
import dev.rung.fleet.Fleet;
import dev.rung.study.CommitCount;
import dev.rung.study.StudyStatus;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What the server is asked for its metrics.
 *
 * @param version of the software
 * @param health what stands in its way
 * @param studies how many studies are in each state
 * @param commits counted since it began
 * @param trainers open streams of trainer nodes
 * @param searchers open streams of programs that propose assignments
 */
public record Sources(
    String version,
    Fleet fleet,
    Health health,
    Supplier<CompletionStage<Map<StudyStatus, Long>>> studies,
    CommitCount commits,
    IntSupplier trainers,
    IntSupplier searchers) {}
