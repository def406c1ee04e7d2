package dev.rung.session;

import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.TellResponse;
import dev.rung.study.AttemptRef;
import dev.rung.study.Order;
import dev.rung.study.StudyReply;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes what a loop is answered, and keeps what it is to be told with the next answer. */
final class LoopWords {
  /** Places beyond them are not told: checkpoints that a loop does not delete only take room. */
  static final int MOST_DROPS = 256;

  private final String study;
  private final CheckpointPlaces places;
  private final SessionSettings settings;
  private final Set<String> drops = new LinkedHashSet<>();

  LoopWords(String study, CheckpointPlaces places, SessionSettings settings) {
    this.study = study;
    this.places = places;
    this.settings = settings;
  }

  /** Nothing needs a checkpoint any more. */
  void drop(String place) {
    if (drops.size() < MOST_DROPS) {
      drops.add(place);
    }
  }

  /** An attempt to train. */
  LoopAnswer run(StudyReply.Held held) {
    AttemptKey key = new AttemptKey(study, held.attempt());
    AskResponse.Builder response =
        AskResponse.newBuilder()
            .setRun(WireWriter.run(key, held.run(), places, settings))
            .setAckedSeq(held.ackedSeq())
            .addAllDrop(toDrop());
    if (held.run().resume() != null) {
      response.setStartStep(held.run().resume().step());
    }
    held.order().ifPresent(order -> response.setDirective(WireWriter.directive(key, order)));
    return new LoopAnswer.Asked(response.build());
  }

  /** Nothing to train now. */
  LoopAnswer nothing() {
    return new LoopAnswer.Asked(AskResponse.newBuilder().addAllDrop(toDrop()).build());
  }

  /**
   * How far a log is durable.
   *
   * @param order what stands for the attempt; null: nothing
   */
  LoopAnswer told(AttemptRef attempt, long acked, boolean resend, @Nullable Order order) {
    TellResponse.Builder response =
        TellResponse.newBuilder().setAckedSeq(acked).setResend(resend).addAllDrop(toDrop());
    if (order != null) {
      response.setDirective(WireWriter.directive(new AttemptKey(study, attempt), order));
    }
    return new LoopAnswer.Told(response.build());
  }

  private List<String> toDrop() {
    List<String> places = new ArrayList<>(drops);
    drops.clear();
    return places;
  }
}
