package dev.rung.api;

import dev.rung.proto.v1.PutMetricRequest;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyCommand;
import java.util.OptionalLong;

/** Metrics from outside. */
final class Scores {
  private Scores() {}

  /** A checked request as a command. */
  static StudyCommand.PutMetric command(PutMetricRequest request) {
    int trial = Limits.number("trial", request.getTrial(), 1, Integer.MAX_VALUE);
    String metric = Limits.text("metric", request.getMetric(), 1, Limits.METRIC);
    if (Double.isNaN(request.getValue())) {
      throw new ApiException(ErrorCode.INVALID, "value: expected a number, but came NaN");
    }
    OptionalLong rung =
        request.hasRung() ? OptionalLong.of(request.getRung()) : OptionalLong.empty();
    return new StudyCommand.PutMetric(
        trial, metric, request.getValue(), rung, request.getReplace());
  }
}
