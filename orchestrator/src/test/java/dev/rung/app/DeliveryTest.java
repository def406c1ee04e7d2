package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.StudyState;
import dev.rung.storage.StoredStudies;
import dev.rung.study.StudyEvent;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An attempt's log arrives once, in order and bit for bit, however badly it is sent. */
@Timeout(120)
class DeliveryTest {
  private static final int POINTS = 200;
  private static final String STUDY =
      """
      name: delivery
      metric: {name: score, goal: maximize}
      resource: {unit: step, min: %1$d, max: %1$d}
      budget: {trials: 1}
      algorithm: {halving: asha, eta: 3, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: scripted}
      """
          .formatted(POINTS);

  @TempDir Path folder;

  /** A part of the log, to be sent at a time. */
  private record Part(int from, int to, double when) {}

  private static Entry point(long step, Random random) {
    Point.Builder point =
        Point.newBuilder()
            .setStep(step)
            .putMetrics("score", Double.longBitsToDouble(random.nextLong()));
    if (step % 3 == 0) {
      point.putMetrics("extra", Double.longBitsToDouble(random.nextLong()));
    }
    if (step % 5 == 0) {
      point.setCost(random.nextDouble());
    }
    if (step % 7 == 0) {
      point.setWall(Duration.newBuilder().setSeconds(step).setNanos(5_000_000));
    }
    return Entry.newBuilder().setPoint(point).build();
  }

  /** Each part three times, moved by up to 50 places. */
  private static List<Part> shuffled(Random random) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    while (from < POINTS) {
      int to = Math.min(POINTS, from + 1 + random.nextInt(7));
      for (int i = 0; i < 3; i++) {
        parts.add(new Part(from, to, parts.size() + 50 * random.nextDouble()));
      }
      from = to;
    }
    parts.sort(Comparator.comparingDouble(Part::when));
    return parts;
  }

  private static Ack awaitAck(RawNode node, long seq) throws InterruptedException {
    return node.await(m -> m.hasAck() && m.getAck().getAckedSeq() == seq).getAck();
  }

  private static void assertSame(dev.rung.study.Entry came, Entry sent) {
    assertThat(came).isInstanceOf(dev.rung.study.Entry.Point.class);
    var point = (dev.rung.study.Entry.Point) came;
    assertThat(point.step()).isEqualTo(sent.getPoint().getStep());
    assertThat(bits(point.metrics())).isEqualTo(bits(sent.getPoint().getMetricsMap()));
    assertThat(point.cost().isPresent()).isEqualTo(sent.getPoint().hasCost());
    point
        .cost()
        .ifPresent(cost ->
            assertThat(Double.doubleToLongBits(cost))
                .isEqualTo(Double.doubleToLongBits(sent.getPoint().getCost())));
    assertThat(point.wallMillis().isPresent()).isEqualTo(sent.getPoint().hasWall());
    point.wallMillis().ifPresent(millis -> assertThat(millis).isEqualTo(1_000 * point.step() + 5));
  }

  /** Every NaN counts as the same. */
  private static Map<String, Long> bits(Map<String, Double> metrics) {
    Map<String, Long> bits = new TreeMap<>();
    metrics.forEach((name, value) -> bits.put(name, Double.doubleToLongBits(value)));
    return bits;
  }

  @Test
  void shouldApplyEachEntryOnceAndInOrder() throws Exception {
    long seed = Long.getLong("rung.seed", System.nanoTime());
    System.out.println("DeliveryTest: -Drung.seed=" + seed);
    Random random = new Random(seed);
    Entry[] log = new Entry[POINTS + 1];
    for (int i = 0; i < POINTS - 1; i++) {
      log[i] = point(i + 1, random);
    }
    log[POINTS - 1] = RawNode.point(POINTS, 0.5);
    log[POINTS] = RawNode.ended(Cause.CAUSE_STOPPED);
    String id;
    try (RunningServer server =
        new RunningServer(folder.resolve("data"), 0, java.time.Duration.ofSeconds(60))) {
      id = server.create(STUDY).getId();
      RawNode node = new RawNode(server.channel).say(RawNode.hello("rough"));
      AttemptRef attempt = node.awaitRun().getAttempt();
      node.say(attempt, 100, log[99]);
      Ack gap = node.await(m -> m.hasAck() && m.getAck().getResend()).getAck();
      assertThat(gap.getAckedSeq()).isZero();
      for (Part part : shuffled(random)) {
        node.say(attempt, part.from() + 1, Arrays.copyOfRange(log, part.from(), part.to()));
      }
      node.say(attempt, 1, Arrays.copyOf(log, POINTS));
      awaitAck(node, POINTS);
      // All of it once more, on another stream, with its end.
      node.leave();
      node =
          new RawNode(server.channel)
              .say(RawNode.hello("rough").setConnection(2).addAttempts(attempt));
      awaitAck(node, POINTS);
      node.say(attempt, 1, log);
      awaitAck(node, POINTS + 1);
      server.await(id, s -> s.getState() == StudyState.STUDY_STATE_ENDED);
      node.leave();
    }
    try (StoredStudies stored = new StoredStudies(folder.resolve("data"))) {
      long next = 1;
      for (StudyEvent event : stored.events(id)) {
        if (event instanceof StudyEvent.EntriesRecorded e) {
          assertThat(e.firstSeq()).isEqualTo(next);
          next += e.entries().size();
        }
      }
      assertThat(next).isEqualTo(POINTS + 2);
      List<dev.rung.study.Entry> curve = stored.curve(id, 1, 1);
      assertThat(curve).hasSize(POINTS + 1);
      for (int i = 0; i < POINTS; i++) {
        assertSame(curve.get(i), log[i]);
      }
    }
  }

  @Test
  void shouldSurviveNumbersThatOverflow() throws Exception {
    try (RunningServer server =
        new RunningServer(folder.resolve("data"), 0, java.time.Duration.ofSeconds(60))) {
      String id = server.create(STUDY).getId();
      RawNode node = new RawNode(server.channel).say(RawNode.hello("rough"));
      Run run = node.awaitRun();
      AttemptRef attempt = run.getAttempt();
      int connection = 1;
      for (long bad : new long[] {0, Long.MIN_VALUE, -1}) {
        node.say(attempt, bad, RawNode.point(1, 0.5), RawNode.point(2, 0.5));
        Status status = node.awaitClosed();
        assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(status.getDescription())
            .isEqualTo("expected first_seq from 1, but came " + Long.toUnsignedString(bad));
        connection++;
        node =
            new RawNode(server.channel)
                .say(RawNode.hello("rough").setConnection(connection).addAttempts(attempt));
        node.await(ServerMessage::hasWelcome);
        awaitAck(node, 0);
      }
      // The last of these would have number 2^63.
      for (long large : new long[] {Long.MAX_VALUE, Long.MAX_VALUE - 1}) {
        node.say(attempt, large, RawNode.point(1, 0.5), RawNode.point(2, 0.5));
        Ack gap = node.await(m -> m.hasAck() && m.getAck().getResend()).getAck();
        assertThat(gap.getAckedSeq()).isZero();
      }
      node.say(attempt, 1, RawNode.point(POINTS, 0.25));
      awaitAck(node, 1);
      node.say(attempt, 2, RawNode.ended(Cause.CAUSE_STOPPED));
      assertThat(
              server
                  .await(id, s -> s.getState() == StudyState.STUDY_STATE_ENDED)
                  .getBest()
                  .getMetricsMap())
          .isEqualTo(Map.of("score", 0.25));
      node.leave();
    }
  }
}
