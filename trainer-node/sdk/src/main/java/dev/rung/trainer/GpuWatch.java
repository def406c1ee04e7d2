package dev.rung.trainer;

import dev.rung.proto.v1.GpuReading;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.trainer.process.GpuPool;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the GPUs of a node every few seconds, on a thread of its own: their driver may be slow. */
final class GpuWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GpuWatch.class);
  private static final int MOST_GPUS = 64;
  private static final int LONGEST_NAME = 64;
  private static final int MIB_SHIFT = 20;

  private final GpuPool gpus;
  private final Duration pause;
  private final Consumer<Heartbeat> taker;
  private final Thread thread;

  /**
   * @param taker is told of each reading
   */
  GpuWatch(String node, GpuPool gpus, Duration pause, Consumer<Heartbeat> taker) {
    this.gpus = gpus;
    this.pause = pause;
    this.taker = taker;
    this.thread = new Thread(this::watch, node + "-gpus");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    boolean complained = false;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          Heartbeat read = read();
          if (read.getGpusCount() > 0) {
            taker.accept(read);
          }
          complained = false;
        } catch (IllegalStateException e) {
          // One line until it answers again.
          if (!complained && !Thread.currentThread().isInterrupted()) {
            log.warn("the GPUs cannot be read: {}", e.getMessage());
          }
          complained = true;
        }
        Thread.sleep(pause.toMillis());
      }
    } catch (InterruptedException e) {
      // It is closed.
    }
  }

  private Heartbeat read() {
    Heartbeat.Builder heartbeat = Heartbeat.newBuilder();
    gpus.readings().stream().limit(MOST_GPUS).map(GpuWatch::toProto).forEach(heartbeat::addGpus);
    return heartbeat.build();
  }

  private static GpuReading toProto(dev.rung.trainer.process.GpuReading reading) {
    String name = reading.name();
    GpuReading.Builder proto =
        GpuReading.newBuilder()
            .setIndex(reading.index())
            .setName(name.substring(0, Math.min(name.length(), LONGEST_NAME)));
    reading.usedMiB().ifPresent(mib -> proto.setMemoryUsed(mib << MIB_SHIFT));
    reading.totalMiB().ifPresent(mib -> proto.setMemoryTotal(mib << MIB_SHIFT));
    reading.utilization().ifPresent(percent -> proto.setUtilization((int) Math.min(percent, 100)));
    reading.celsius().ifPresent(degrees -> proto.setTemperature((int) Math.min(degrees, 1_000)));
    return proto.build();
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
