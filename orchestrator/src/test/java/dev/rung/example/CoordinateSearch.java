package dev.rung.example;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.FloatRange;
import dev.rung.proto.v1.LevelEntered;
import dev.rung.proto.v1.Observation;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.SearcherHello;
import dev.rung.proto.v1.SearcherMessage;
import dev.rung.proto.v1.SearcherServiceGrpc;
import dev.rung.proto.v1.SpaceParameter;
import dev.rung.proto.v1.StudyMessage;
import dev.rung.proto.v1.Suggestion;
import dev.rung.proto.v1.Value;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A searcher of its own: from the best trial so far it takes a step along one parameter, the
 * shorter the more trials there were. It searches real parameters, and draws the first trials by
 * chance. What it knows it is told anew by each stream, so it may be killed and started at any
 * time.
 */
public final class CoordinateSearch implements StreamObserver<StudyMessage> {
  private static final int RANDOM_TRIALS = 4;

  private final CompletableFuture<Status> closed = new CompletableFuture<>();
  private final Map<Long, Assignment> assignments = new HashMap<>();
  private final List<FloatRange> ranges = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private StreamObserver<SearcherMessage> study;
  private LevelEntered best = LevelEntered.getDefaultInstance();
  private long seed;
  private long lowest;

  private CoordinateSearch() {}

  /** Searches the study that the second argument names, on the server that the first one does. */
  public static void main(String... arguments) throws Exception {
    ManagedChannel channel = NettyChannelBuilder.forTarget(arguments[0]).usePlaintext().build();
    while (true) {
      CoordinateSearch search = new CoordinateSearch();
      Status status = search.run(channel, arguments[1]);
      System.out.println("the stream ended: " + status);
      if (status.getCode() != Status.Code.UNAVAILABLE) {
        channel.shutdownNow();
        System.exit(status.isOk() ? 0 : 1);
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private Status run(ManagedChannel channel, String name) throws Exception {
    study = SearcherServiceGrpc.newStub(channel).connect(this);
    SearcherHello.Builder hello =
        SearcherHello.newBuilder().setProtocol(1).setStudy(name).setSoftware("coordinate search");
    study.onNext(SearcherMessage.newBuilder().setHello(hello).build());
    return closed.get();
  }

  @Override
  public void onNext(StudyMessage message) {
    switch (message.getMCase()) {
      case WELCOME -> {
        seed = message.getWelcome().getSeed();
        lowest = message.getWelcome().getMinResource();
        for (SpaceParameter parameter : message.getWelcome().getSpace().getParametersList()) {
          names.add(parameter.getName());
          ranges.add(parameter.getFloatRange());
        }
      }
      case OBSERVATIONS -> message.getObservations().getObservationsList().forEach(this::observe);
      case ASK -> suggest(message.getAsk().getTrial());
      case REFUSED -> System.out.println("refused: " + message.getRefused().getReason());
      case OVER -> System.out.println("the study is over: " + message.getOver().getReason());
      case M_NOT_SET -> System.out.println("a message of a newer server");
    }
  }

  /** Every trial enters the lowest level, so there all are compared. */
  private void observe(Observation observation) {
    if (observation.hasBegun()) {
      assignments.put(observation.getBegun().getTrial(), observation.getBegun().getAssignment());
    } else if (observation.hasEntered()) {
      LevelEntered now = observation.getEntered();
      boolean isBetter =
          now.getLevel() == lowest
              && (best.getTrial() == 0 || now.getLosses(0) < best.getLosses(0));
      best = isBetter ? now : best;
    }
  }

  private void suggest(long trial) {
    SplittableRandom random = new SplittableRandom(seed + trial);
    Assignment centre = assignments.get(best.getTrial());
    int moved = (int) (trial % names.size());
    Assignment.Builder next = Assignment.newBuilder();
    for (int i = 0; i < names.size(); i++) {
      double u = centre == null ? 0 : toUnit(ranges.get(i), value(centre, names.get(i)));
      if (centre == null || trial <= RANDOM_TRIALS) {
        u = random.nextDouble();
      } else if (i == moved) {
        u = Math.clamp(u + random.nextGaussian() / Math.sqrt((double) trial), 0, 1);
      }
      double value = fromUnit(ranges.get(i), u);
      next.addParameters(
          Parameter.newBuilder()
              .setName(names.get(i))
              .setValue(Value.newBuilder().setDoubleValue(value)));
    }
    Suggestion.Builder suggestion = Suggestion.newBuilder().setTrial(trial).setAssignment(next);
    study.onNext(SearcherMessage.newBuilder().setSuggestion(suggestion).build());
  }

  private static double value(Assignment assignment, String name) {
    return assignment.getParametersList().stream()
        .filter(parameter -> parameter.getName().equals(name))
        .findAny()
        .orElseThrow()
        .getValue()
        .getDoubleValue();
  }

  private static double toUnit(FloatRange range, double x) {
    return range.getLog()
        ? Math.log(x / range.getMin()) / Math.log(range.getMax() / range.getMin())
        : (x - range.getMin()) / (range.getMax() - range.getMin());
  }

  private static double fromUnit(FloatRange range, double u) {
    double x =
        range.getLog()
            ? range.getMin() * Math.pow(range.getMax() / range.getMin(), u)
            : range.getMin() + u * (range.getMax() - range.getMin());
    return Math.clamp(x, range.getMin(), range.getMax());
  }

  @Override
  public void onError(Throwable error) {
    closed.complete(Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    closed.complete(Status.OK);
  }
}
