package dev.rung.dl4j;

import java.util.OptionalDouble;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ISchedule;

/** How gradients become steps. All but learning rate and momentum is as Deeplearning4j has it. */
enum Optimizer {
  ADAM,
  /** With a momentum it is Nesterov's. */
  SGD,
  /** Momentum 0.9 unless another is given. */
  NESTEROVS,
  RMSPROP;

  boolean hasMomentum() {
    return this == SGD || this == NESTEROVS;
  }

  IUpdater updater(ISchedule learningRate, OptionalDouble momentum) {
    return switch (this) {
      case ADAM -> new Adam(learningRate);
      case SGD ->
          momentum.isPresent()
              ? new Nesterovs(learningRate, momentum.getAsDouble())
              : new Sgd(learningRate);
      case NESTEROVS ->
          new Nesterovs(learningRate, momentum.orElse(Nesterovs.DEFAULT_NESTEROV_MOMENTUM));
      case RMSPROP -> new RmsProp(learningRate);
    };
  }
}
