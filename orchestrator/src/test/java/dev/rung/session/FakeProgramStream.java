package dev.rung.session;

import dev.rung.proto.v1.StudyMessage;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A stream to a program that keeps what it was told. */
final class FakeProgramStream implements PeerStream<StudyMessage> {
  final BlockingQueue<StudyMessage> sent = new LinkedBlockingQueue<>();
  volatile boolean ready = true;

  StudyMessage take() throws InterruptedException {
    StudyMessage message = sent.poll(20, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing came");
    }
    return message;
  }

  @Override
  public void send(StudyMessage message) {
    sent.add(message);
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void request() {
    // A test says something whenever it likes.
  }

  @Override
  public void close(Status status) {
    // A test that wants to know dials for real.
  }
}
