package dev.rung.session;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.NoneLeft;
import dev.rung.proto.v1.Observation;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.SearcherHello;
import dev.rung.proto.v1.SearcherMessage;
import dev.rung.proto.v1.SearcherServiceGrpc;
import dev.rung.proto.v1.SearcherWelcome;
import dev.rung.proto.v1.StudyMessage;
import dev.rung.proto.v1.Suggestion;
import dev.rung.proto.v1.SuggestionRefused;
import dev.rung.proto.v1.Value;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program that says exactly what a test tells it to. */
final class SearcherProgram {
  private static final long PATIENCE_SECONDS = 20;

  private final Deque<StudyMessage> asks = new ArrayDeque<>();
  private final BlockingQueue<StudyMessage> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> closed = new CompletableFuture<>();
  private final StreamObserver<SearcherMessage> stream;

  /** What the study has shown on this stream. */
  final List<Observation> observations = new ArrayList<>();

  SearcherProgram(Channel channel) {
    stream =
        SearcherServiceGrpc.newStub(channel)
            .connect(
                new StreamObserver<>() {
                  @Override
                  public void onNext(StudyMessage message) {
                    heard.add(message);
                  }

                  @Override
                  public void onError(Throwable error) {
                    closed.complete(Status.fromThrowable(error));
                  }

                  @Override
                  public void onCompleted() {
                    closed.complete(Status.OK);
                  }
                });
  }

  /** Dials a study, which has to be there. */
  static SearcherProgram dial(Channel channel, String study) throws InterruptedException {
    SearcherProgram program = new SearcherProgram(channel);
    program.hello(study);
    SearcherWelcome unused = program.welcome();
    return program;
  }

  static SearcherHello.Builder helloTo(String study) {
    return SearcherHello.newBuilder().setProtocol(1).setStudy(study).setSoftware("a test");
  }

  void hello(String study) {
    say(SearcherMessage.newBuilder().setHello(helloTo(study)).build());
  }

  void say(SearcherMessage message) {
    stream.onNext(message);
  }

  void say(Suggestion.Builder suggestion) {
    say(SearcherMessage.newBuilder().setSuggestion(suggestion).build());
  }

  void suggest(long trial, Map<String, Value> values) {
    Assignment.Builder assignment = Assignment.newBuilder();
    values.forEach((name, value) ->
        assignment.addParameters(Parameter.newBuilder().setName(name).setValue(value)));
    say(Suggestion.newBuilder().setTrial(trial).setAssignment(assignment));
  }

  /** Answers as many asks as there are rates. */
  void answer(double... rates) throws InterruptedException {
    for (double rate : rates) {
      suggest(ask(), values(rate, 32));
    }
  }

  void noneLeft(long trial) {
    say(Suggestion.newBuilder().setTrial(trial).setNoneLeft(NoneLeft.getDefaultInstance()));
  }

  /** The assignment of a rate and a width. */
  static Map<String, Value> values(double rate, long width) {
    return Map.of("rate", real(rate), "width", whole(width));
  }

  static Value real(double value) {
    return Value.newBuilder().setDoubleValue(value).build();
  }

  static Value whole(long value) {
    return Value.newBuilder().setIntValue(value).build();
  }

  SearcherWelcome welcome() throws InterruptedException {
    return next(StudyMessage.MCase.WELCOME).getWelcome();
  }

  /** The next trial that a suggestion is asked for. */
  long ask() throws InterruptedException {
    return !asks.isEmpty()
        ? asks.remove().getAsk().getTrial()
        : next(StudyMessage.MCase.ASK).getAsk().getTrial();
  }

  SuggestionRefused refusal() throws InterruptedException {
    return next(StudyMessage.MCase.REFUSED).getRefused();
  }

  String over() throws InterruptedException {
    return next(StudyMessage.MCase.OVER).getOver().getReason();
  }

  /** Waits until the study has shown something. */
  void awaitShown(Predicate<Observation> wanted) throws InterruptedException {
    while (observations.stream().noneMatch(wanted)) {
      take(next(StudyMessage.MCase.OBSERVATIONS));
    }
  }

  /** How the server closed the stream. */
  Status closed() throws Exception {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  boolean isOpen() {
    return !closed.isDone();
  }

  void leave() {
    stream.onCompleted();
  }

  /** The next message of a kind; what the study shows and asks may come before. */
  private StudyMessage next(StudyMessage.MCase wanted) throws InterruptedException {
    while (true) {
      StudyMessage message = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (message == null) {
        throw new AssertionError(wanted + " did not come; the stream is " + closed);
      }
      if (message.getMCase() == wanted) {
        return message;
      }
      if (message.hasAsk()) {
        asks.add(message);
      } else if (message.hasObservations()) {
        take(message);
      } else {
        throw new AssertionError("expected %s, but came %s".formatted(wanted, message));
      }
    }
  }

  private void take(StudyMessage message) {
    observations.addAll(message.getObservations().getObservationsList());
  }
}
