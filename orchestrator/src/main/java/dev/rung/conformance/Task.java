package dev.rung.conformance;

import com.google.protobuf.Duration;
import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Value;

/**
 * What the trainer of the kind {@code conformance} is told to train. It follows a formula, so that
 * the kit sees whether it got its parameter, counts its steps and goes on from a checkpoint: at
 * each step {@code loss = x / step} and {@code total = 1 + 2 + ... + step}, of which a checkpoint
 * keeps the total.
 */
final class Task {
  static final String KIND = "conformance";
  static final String LOSS = "loss";
  static final String TOTAL = "total";

  private final Run.Builder run;

  /**
   * A task of 12 steps, judged at step 4.
   *
   * @param prefix of its checkpoints
   */
  Task(AttemptRef attempt, double x, String prefix) {
    run =
        Run.newBuilder()
            .setAttempt(attempt)
            .setKind(KIND)
            .setAssignment(
                Assignment.newBuilder()
                    .addParameters(
                        Parameter.newBuilder()
                            .setName("x")
                            .setValue(Value.newBuilder().setDoubleValue(x))))
            .setMilestone(4)
            .setMaxResource(12)
            .setCheckpointPrefix(prefix)
            .setSeed(7)
            .setLinger(Duration.newBuilder().setSeconds(30))
            .addObjectives(LOSS)
            .setUnit("step");
    stepMillis(20);
  }

  /** How long a step takes. */
  Task stepMillis(long millis) {
    return config("step_millis", millis);
  }

  /** A number of the task's configuration: {@code step_millis}, {@code fail_at}, {@code nan_at}. */
  Task config(String name, long value) {
    run.putConfig(name, Value.newBuilder().setIntValue(value).build());
    return this;
  }

  Task milestone(long step) {
    run.setMilestone(step);
    return this;
  }

  Task steps(long most) {
    run.setMaxResource(most);
    return this;
  }

  Task lingerMillis(long millis) {
    run.setLinger(
        Duration.newBuilder()
            .setSeconds(millis / 1_000)
            .setNanos((int) (millis % 1_000) * 1_000_000));
    return this;
  }

  Task resume(Checkpoint checkpoint) {
    run.setResume(checkpoint);
    return this;
  }

  Task goOn() {
    run.setGoOn(true);
    return this;
  }

  Task kind(String kind) {
    run.setKind(kind);
    return this;
  }

  ServerMessage message() {
    return ServerMessage.newBuilder().setRun(run).build();
  }

  AttemptRef attempt() {
    return run.getAttempt();
  }
}
