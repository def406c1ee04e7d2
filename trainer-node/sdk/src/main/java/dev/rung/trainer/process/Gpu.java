package dev.rung.trainer.process;

/**
 * One GPU of this machine.
 *
 * @param index as the driver counts, by the place on the bus
 * @param uuid the driver's name for it, the same over restarts
 * @param name of the model, for instance {@code NVIDIA A100-SXM4-40GB}
 * @param memoryMiB its memory; 0 where the driver does not say
 */
public record Gpu(int index, String uuid, String name, long memoryMiB) {}
