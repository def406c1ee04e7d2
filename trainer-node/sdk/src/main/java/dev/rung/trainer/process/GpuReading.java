package dev.rung.trainer.process;

import java.util.OptionalLong;

/**
 * What a GPU does at the moment. Empty is what its driver does not say.
 *
 * @param index as the driver counts, by the place on the bus
 * @param name of the model
 * @param usedMiB memory in use
 * @param totalMiB memory that it has
 * @param utilization percent of the time in which it computed
 * @param celsius its temperature
 */
public record GpuReading(
    int index,
    String name,
    OptionalLong usedMiB,
    OptionalLong totalMiB,
    OptionalLong utilization,
    OptionalLong celsius) {}
