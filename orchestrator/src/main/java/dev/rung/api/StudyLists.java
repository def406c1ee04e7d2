package dev.rung.api;

import dev.rung.proto.v1.ListStudiesRequest;
import dev.rung.proto.v1.ListStudiesResponse;
import dev.rung.proto.v1.Study;
import dev.rung.storage.ReadSide;
import dev.rung.storage.ReadSide.StudyRow;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads of many studies. */
final class StudyLists {
  private static final Logger log = LoggerFactory.getLogger(StudyLists.class);

  private final StudyLookup lookup;
  private final ReadSide reads;
  private final InstantSource clock;

  StudyLists(StudyLookup lookup, ReadSide reads, InstantSource clock) {
    this.lookup = lookup;
    this.reads = reads;
    this.clock = clock;
  }

  /** The newest studies; one that does not answer comes with what the tables know of it. */
  CompletionStage<ListStudiesResponse> newest(ListStudiesRequest request) {
    int limit = Limits.page(request.getLimit(), Limits.STUDIES_PAGE);
    return lookup.read(reads::studies).thenCompose(rows -> page(rows, limit));
  }

  private CompletionStage<ListStudiesResponse> page(List<StudyRow> rows, int limit) {
    List<CompletableFuture<Study>> answers = rows.stream().limit(limit).map(this::study).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
        .thenApply(all ->
            ListStudiesResponse.newBuilder()
                .addAllStudies(answers.stream().map(CompletableFuture::join).toList())
                .setTotal(rows.size())
                .build());
  }

  private CompletableFuture<Study> study(StudyRow row) {
    return lookup
        .summary(row)
        .thenApply(study -> StudyMapper.toProto(study, clock.millis()))
        .exceptionally(failure -> {
          log.debug("Expected study {} to answer, but it did not", row.id(), failure);
          return StudyMapper.toProto(row);
        });
  }
}
