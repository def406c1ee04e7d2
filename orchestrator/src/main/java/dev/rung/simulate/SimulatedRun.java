package dev.rung.simulate;

import dev.rung.study.StudySummary;
import dev.rung.study.StudySummary.RungSummary;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What became of a simulated study.
 *
 * @param seed of the study and of all chance
 * @param time at its end, in units of time
 * @param started trials that began
 * @param completed trials that reached the top of their ladder
 * @param firstCompleted when the first one did; empty: none did
 * @param rungs how many entered each rung, and how many of these went on
 * @param utilisation share of the time of all slots in which they were taken, delays included
 * @param resource units that were trained
 * @param points that were reported
 * @param decisions verdicts
 * @param trajectory of the first objective, over every point at its own time
 * @param summary of the study, as a server shows it
 * @param trainerTime that all slots were there together, in units of time
 * @param unknown trainings that left their recorded curves, in the order in which they did
 */
public record SimulatedRun(
    long seed,
    double time,
    int started,
    int completed,
    OptionalDouble firstCompleted,
    List<RungSummary> rungs,
    double utilisation,
    long resource,
    long points,
    long decisions,
    Trajectory trajectory,
    StudySummary summary,
    double trainerTime,
    List<Unknown> unknown) {}
