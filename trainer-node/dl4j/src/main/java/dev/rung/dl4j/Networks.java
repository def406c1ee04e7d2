package dev.rung.dl4j;

import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;

/** Builds networks from hyper-parameters. */
final class Networks {
  /** Channels of the first convolution; each further one has twice as many as the one before. */
  private static final int CHANNELS = 8;

  private Networks() {}

  /** What the last layer says. */
  record Output(Activation activation, ILossFunction loss) {
    /** A probability for each class; the loss is cross entropy. */
    static final Output CLASSES =
        new Output(Activation.SOFTMAX, LossFunction.MCXENT.getILossFunction());

    /** Real numbers; the loss is the mean squared error. */
    static final Output NUMBERS = numbers(LossFunction.MSE.getILossFunction());

    /** Real numbers with a loss of their own. */
    static Output numbers(ILossFunction loss) {
      return new Output(Activation.IDENTITY, loss);
    }
  }

  /** A perceptron: {@code layers} dense layers of {@code hidden} units and the output. */
  static MultiLayerNetwork mlp(
      Hyperparameters choice, long seed, int inputs, int outputs, Output output) {
    ListBuilder layers = builder(choice, seed).list();
    layers.layer(dense(choice, choice.hidden(), false));
    for (int i = 1; i < choice.layers(); i++) {
      layers.layer(dense(choice, choice.hidden(), true));
    }
    layers.layer(output(choice, outputs, output));
    return initialized(layers, InputType.feedForward(inputs));
  }

  /**
   * A small convolutional network: {@code layers} times a 3 x 3 convolution and a 2 x 2 maximum,
   * then one dense layer of {@code hidden} units and the classes. Rows are flat images.
   */
  static MultiLayerNetwork cnn(Hyperparameters choice, long seed, ImageData images) {
    ListBuilder layers = builder(choice, seed).list();
    for (int i = 0; i < choice.layers(); i++) {
      layers.layer(
          new ConvolutionLayer.Builder(3, 3)
              .nOut(CHANNELS << i)
              .convolutionMode(ConvolutionMode.Same)
              .build());
      layers.layer(
          new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
              .kernelSize(2, 2)
              .stride(2, 2)
              .build());
    }
    layers.layer(dense(choice, choice.hidden(), false));
    layers.layer(output(choice, images.classes(), Output.CLASSES));
    return initialized(
        layers, InputType.convolutionalFlat(images.height(), images.width(), images.channels()));
  }

  private static NeuralNetConfiguration.Builder builder(Hyperparameters choice, long seed) {
    NeuralNetConfiguration.Builder builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(choice.optimizer().updater(learningRate(choice), choice.momentum()))
            .activation(activation(choice.activation()))
            .weightInit(WeightInit.XAVIER);
    return choice.l2() > 0 ? builder.l2(choice.l2()) : builder;
  }

  private static ISchedule learningRate(Hyperparameters choice) {
    return new EpochSchedule(choice.learningRate());
  }

  private static IActivation activation(Activation choice) {
    return choice == Activation.SWISH ? new StableSwish() : choice.getActivationFunction();
  }

  private static DenseLayer dense(Hyperparameters choice, int units, boolean dropsInputs) {
    DenseLayer.Builder layer = new DenseLayer.Builder().nOut(units);
    return (dropsInputs ? dropping(layer, choice) : layer).build();
  }

  private static OutputLayer output(Hyperparameters choice, int outputs, Output output) {
    return dropping(
            new OutputLayer.Builder(output.loss()).nOut(outputs).activation(output.activation()),
            choice)
        .build();
  }

  /** Deeplearning4j drops a layer's inputs, and is told the share that it keeps. */
  private static <B extends FeedForwardLayer.Builder<B>> B dropping(
      B layer, Hyperparameters choice) {
    return choice.dropout() > 0 ? layer.dropOut(new Dropout(1 - choice.dropout())) : layer;
  }

  private static MultiLayerNetwork initialized(ListBuilder layers, InputType input) {
    MultiLayerNetwork network = new MultiLayerNetwork(layers.setInputType(input).build());
    network.init();
    return network;
  }
}
