package dev.rung.session;

import com.google.protobuf.ByteString;
import dev.rung.fleet.ToFleetSession;
import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Continue;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Drain;
import dev.rung.proto.v1.Fenced;
import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Pause;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.Schedule;
import dev.rung.proto.v1.Stop;
import dev.rung.proto.v1.Welcome;
import dev.rung.space.Value;
import dev.rung.study.Entry;
import dev.rung.study.Order;
import dev.rung.study.ToSession.RunOrder;
import java.time.Duration;
import java.util.HexFormat;

/** Writes what a session says to its node. */
final class WireWriter {
  private WireWriter() {}

  static Welcome welcome(SessionSettings settings, String session) {
    return Welcome.newBuilder()
        .setWindowEntries(settings.windowEntries())
        .setWindowBytes(settings.windowBytes())
        .setHeartbeat(duration(settings.heartbeat()))
        .setKeepTraining(duration(settings.keepTraining()))
        .setSoftware(settings.software())
        .setSession(session)
        .setCheckpoints(settings.checkpoints())
        .build();
  }

  static Run run(
      AttemptKey key, RunOrder order, CheckpointPlaces places, SessionSettings settings) {
    Assignment.Builder assignment = Assignment.newBuilder();
    order
        .assignment()
        .forEach((name, value) ->
            assignment.addParameters(Parameter.newBuilder().setName(name).setValue(value(value))));
    Run.Builder run =
        Run.newBuilder()
            .setAttempt(key.toWire())
            .setKind(order.kind())
            .setAssignment(assignment)
            .setMilestone(order.milestone())
            .setMaxResource(order.maxResource())
            .setCheckpointPrefix(places.of(key).prefix())
            .setSeed(order.seed())
            .setLinger(duration(settings.linger()))
            .addAllObjectives(order.objectives())
            .setUnit(order.unit())
            .setGoOn(order.goOn())
            .setSlots(order.slots());
    order.config().forEach((name, value) -> run.putConfig(name, value(value)));
    if (order.resume() != null) {
      run.setResume(checkpoint(order.resume()));
    }
    return run.build();
  }

  static Directive directive(AttemptKey key, Order order) {
    Directive.Builder directive =
        Directive.newBuilder()
            .setAttempt(key.toWire())
            .setNumber(order.number())
            .setReason(order.reason());
    return switch (order.kind()) {
      case CONTINUE ->
          directive.setContinue(Continue.newBuilder().setMilestone(order.milestone())).build();
      case PAUSE -> directive.setPause(Pause.getDefaultInstance()).build();
      case YIELD -> directive.setPause(Pause.newBuilder().setAfterCheckpoint(true)).build();
      case STOP -> directive.setStop(Stop.getDefaultInstance()).build();
      case FENCED -> directive.setFenced(Fenced.getDefaultInstance()).build();
      case LATE -> directive.setFenced(Fenced.newBuilder().setDeliver(true)).build();
    };
  }

  static Drain drain(ToFleetSession.Drain drain) {
    Drain.Builder message = Drain.newBuilder().setReason(drain.reason());
    drain.deadline().ifPresent(deadline -> message.setDeadline(duration(deadline)));
    return message.build();
  }

  private static Checkpoint checkpoint(Entry.Checkpoint checkpoint) {
    return Checkpoint.newBuilder()
        .setStep(checkpoint.step())
        .setPlace(checkpoint.place())
        .setBytes(checkpoint.bytes())
        .setDigest(ByteString.copyFrom(HexFormat.of().parseHex(checkpoint.digest())))
        .build();
  }

  /** One value; it keeps its kind. */
  static dev.rung.proto.v1.Value value(Value value) {
    dev.rung.proto.v1.Value.Builder wire = dev.rung.proto.v1.Value.newBuilder();
    return switch (value) {
      case Value.IntValue(long x) -> wire.setIntValue(x).build();
      case Value.DoubleValue(double x) -> wire.setDoubleValue(x).build();
      case Value.StringValue(String x) -> wire.setStringValue(x).build();
      case Value.BoolValue(boolean x) -> wire.setBoolValue(x).build();
      case Value.ListValue(var values) ->
          wire.setListValue(
                  ListValue.newBuilder()
                      .addAllValues(values.stream().map(WireWriter::value).toList()))
              .build();
      case Value.WeightsValue(var names, var weights) ->
          wire.setListValue(
                  ListValue.newBuilder()
                      .addAllNames(names)
                      .addAllValues(
                          weights.stream().map(w -> value(new Value.DoubleValue(w))).toList()))
              .build();
      case Value.InactiveValue inactive ->
          throw new IllegalArgumentException(
              "expected an active parameter, but came " + inactive.text());
      case Value.ScheduleValue(String form, var coefficients) ->
          wire.setScheduleValue(
                  Schedule.newBuilder().setForm(form).putAllCoefficients(coefficients))
              .build();
    };
  }

  private static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }
}
