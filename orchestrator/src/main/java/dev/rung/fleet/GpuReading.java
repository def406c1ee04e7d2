package dev.rung.fleet;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a GPU of a node does at the moment. Empty is what its driver does not say.
 *
 * @param index as the driver counts
 * @param name of the model
 * @param memoryUsed bytes in use
 * @param memoryTotal bytes that it has
 * @param utilization percent of the time in which it computed
 * @param temperature degrees Celsius
 */
public record GpuReading(
    int index,
    String name,
    OptionalLong memoryUsed,
    OptionalLong memoryTotal,
    OptionalInt utilization,
    OptionalInt temperature) {}
