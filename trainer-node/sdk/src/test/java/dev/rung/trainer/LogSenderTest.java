package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.LogLine;
import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LogSenderTest {
  private static final AttemptRef REF =
      AttemptRef.newBuilder().setTrial("s/1").setAttempt(1).build();

  /** How the server ends the next calls; without one it takes what comes. */
  private final BlockingQueue<Status> faults = new LinkedBlockingQueue<>();

  /** What the server answers to the next calls; without one it refuses nothing. */
  private final BlockingQueue<SendLogsResponse> answers = new LinkedBlockingQueue<>();

  private final BlockingQueue<SendLogsRequest> heard = new LinkedBlockingQueue<>();
  private final LogSender sender = new LogSender("node");
  private final TrialLog log = new TrialLog(REF);
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    String name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).addService(new Taker()).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  @AfterEach
  void stop() {
    sender.finish(0);
    channel.shutdownNow();
    server.shutdownNow();
  }

  private final class Taker extends TrainerServiceGrpc.TrainerServiceImplBase {
    @Override
    public StreamObserver<SendLogsRequest> sendLogs(StreamObserver<SendLogsResponse> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(SendLogsRequest message) {
          heard.add(message);
        }

        @Override
        public void onError(Throwable error) {
          // The test has ended.
        }

        @Override
        public void onCompleted() {
          Status fault = faults.poll();
          if (fault != null) {
            out.onError(fault.asRuntimeException());
            return;
          }
          SendLogsResponse answer = answers.poll();
          out.onNext(answer == null ? SendLogsResponse.getDefaultInstance() : answer);
          out.onCompleted();
        }
      };
    }
  }

  private SendLogsRequest next() throws InterruptedException {
    SendLogsRequest message = heard.poll(20, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("no lines came");
    }
    return message;
  }

  /** The numbers of the next lines. */
  private List<Long> await(int count) throws InterruptedException {
    List<Long> numbers = new ArrayList<>();
    while (numbers.size() < count) {
      next().getLinesList().forEach(line -> numbers.add(line.getNumber()));
    }
    return numbers;
  }

  @Test
  void shouldSendLinesWithTheSessionAndTheAttempt() throws Exception {
    sender.connected(channel, "session-1");
    sender.add(log);
    log.add("one\ntwo");

    SendLogsRequest message = next();
    assertThat(message.getSession()).isEqualTo("session-1");
    assertThat(message.getAttempt()).isEqualTo(REF);
    assertThat(message.getLinesList()).extracting(LogLine::getText).containsExactly("one", "two");
  }

  @Test
  void shouldSendAgainInTheNextSessionWhatACallDidNotBringOver() throws Exception {
    faults.add(Status.UNAVAILABLE);
    sender.add(log);
    log.add("one\ntwo");
    sender.connected(channel, "session-1");
    assertThat(await(2)).containsExactly(1L, 2L);
    sender.disconnected();
    log.add("three");
    sender.connected(channel, "session-2");

    List<Long> numbers = new ArrayList<>();
    while (!numbers.contains(3L)) {
      SendLogsRequest message = next();
      // The first call may have taken the third line, too, before it failed.
      if (message.getSession().equals("session-2")) {
        message.getLinesList().forEach(line -> numbers.add(line.getNumber()));
      }
    }
    assertThat(numbers).containsExactly(1L, 2L, 3L);
  }

  @Test
  void shouldSendAgainWhatTheServerDidNotKnowYet() throws Exception {
    answers.add(SendLogsResponse.newBuilder().addRefused(REF).build());
    sender.connected(channel, "session-1");
    sender.add(log);
    log.add("one");

    assertThat(await(2)).containsExactly(1L, 1L);
  }

  @Test
  void shouldSendTheRestWhenTheNodeEnds() throws Exception {
    sender.connected(channel, "session-1");
    sender.add(log);
    log.add("the last word");
    sender.ended(REF);
    sender.finish(20_000);

    assertThat(heard).hasSize(1);
  }

  @Test
  void shouldEndAtOnceWhenThereIsNoServer() {
    sender.add(log);
    log.add("nobody hears it");
    // Would run into the limit of this test's time if it waited.
    sender.finish(600_000);
    assertThat(heard).isEmpty();
  }

  @Test
  void shouldSendNothingOfAnAttemptThatIsNotTheNodesAnyMore() throws Exception {
    TrialLog other = new TrialLog(REF.toBuilder().setAttempt(2).build());
    sender.add(log);
    sender.add(other);
    log.add("of a zombie");
    other.add("valid");
    sender.forget(REF);
    sender.connected(channel, "session-1");

    assertThat(next().getAttempt().getAttempt()).isEqualTo(2);
    log.add("of a zombie");
    other.add("valid");
    assertThat(next().getAttempt().getAttempt()).isEqualTo(2);
  }
}
