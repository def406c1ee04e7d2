package dev.rung.dl4j;

import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/** How gradients become steps. All but the learning rate is as Deeplearning4j has it. */
enum Optimizer {
  ADAM,
  SGD,
  /** Momentum 0.9. */
  NESTEROVS,
  RMSPROP;

  IUpdater updater(double learningRate) {
    return switch (this) {
      case ADAM -> new Adam(learningRate);
      case SGD -> new Sgd(learningRate);
      case NESTEROVS -> new Nesterovs(learningRate, Nesterovs.DEFAULT_NESTEROV_MOMENTUM);
      case RMSPROP -> new RmsProp(learningRate);
    };
  }
}
