package dev.rung.api;

import dev.rung.study.Studies;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyReply;
import dev.rung.study.StudySummary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Studies that answer what a test says and remember what they were sent. */
public final class FakeStudies implements Studies {
  private final Map<String, Deque<StudySummary>> summaries = new ConcurrentHashMap<>();

  public final List<StudyCommand> sent = Collections.synchronizedList(new ArrayList<>());
  public volatile BiFunction<String, StudyCommand, StudyReply> reply =
      (study, command) -> new StudyReply.Done();

  /** What every study answers, where it is set. */
  public volatile @Nullable Function<String, StudySummary> answer;

  /** What a study answers, one after another; the last for ever. */
  public void show(String study, StudySummary... answers) {
    summaries.put(study, new ArrayDeque<>(List.of(answers)));
  }

  @Override
  public CompletionStage<StudyReply> send(String study, StudyCommand command) {
    sent.add(command);
    return CompletableFuture.completedFuture(reply.apply(study, command));
  }

  @Override
  public CompletionStage<StudySummary> show(String study) {
    Function<String, StudySummary> always = answer;
    if (always != null) {
      return CompletableFuture.completedFuture(always.apply(study));
    }
    Deque<StudySummary> answers = summaries.get(study);
    if (answers == null) {
      return CompletableFuture.failedFuture(new TimeoutException("no answer"));
    }
    synchronized (answers) {
      return CompletableFuture.completedFuture(
          answers.size() > 1 ? answers.poll() : answers.peek());
    }
  }
}
