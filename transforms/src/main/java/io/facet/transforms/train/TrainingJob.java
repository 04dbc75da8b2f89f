package io.facet.transforms.train;

import io.facet.models.backbone.Backbone;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.face.Preprocessing;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Selected;
import io.facet.models.quantise.QuantisationOptions;
import io.facet.models.train.TrainingOptions;
import io.facet.models.weights.WeightNaming;
import io.facet.transforms.pack.DataFile;
import io.facet.transforms.pack.PackFiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One network to be trained, as a worker gets it: everything by value or by the URI of a file it
 * can read.
 *
 * @param name of the training, for messages: {@code distill[cakd#1]}
 * @param backbone the network
 * @param preprocessing its contract
 * @param initial weights to start from
 * @param pack the crops to train on
 * @param method what a teacher teaches it, or {@code none}
 * @param head margin softmax of the identity term
 * @param classifier class weights the head takes from another network; absent: its own
 * @param options how it is trained
 * @param quantisation how the student learns to compute in int8; absent: it does not
 * @param seed of everything random
 * @param validation what the network is measured on after each epoch
 * @param threads of each tensor operation
 * @param device where it is trained, as recipes name it
 * @param precision of forward passes
 * @param teacher name of the run's own teacher; absent without one
 * @param teachers all teachers of the method by name
 */
public record TrainingJob(
    String name,
    Selected<Backbone<?>> backbone,
    Preprocessing preprocessing,
    Optional<Start> initial,
    PackFiles pack,
    Selected<DistillationMethod<?>> method,
    Selected<MarginHead<?>> head,
    Optional<Classifier> classifier,
    TrainingOptions options,
    Optional<QuantisationOptions> quantisation,
    long seed,
    Validation validation,
    int threads,
    String device,
    ForwardPrecision precision,
    Optional<String> teacher,
    Map<String, Teacher> teachers) {

  /**
   * Pairs to validate on.
   *
   * @param pairs at most, where they are drawn from the identities kept out of training
   * @param given data files of table {@code pairs} with pairs of their own; empty: drawn
   */
  public record Validation(int pairs, List<String> given) {}

  /**
   * Weights to start from.
   *
   * @param uri of the file
   * @param naming how the file names its tensors
   */
  public record Start(String uri, WeightNaming naming) {}

  /**
   * Class weights of another network.
   *
   * @param teacher its name, for messages
   * @param model URI of its model file
   * @param frozen whether they stay as they are
   */
  public record Classifier(String teacher, String model, boolean frozen) {}

  /**
   * A teacher of a training.
   *
   * @param name of the teacher, for messages
   * @param model URI of its model file
   * @param features data files of table {@code teacher_features}; empty: the teacher runs live
   * @param prompts URI of its prompts
   * @param promptTokens tokens a prompt set, 0 without prompts
   * @param promptLearningRate of prompts that learn with the student
   * @param saliency its saliency map on its token grid, row-major; empty if not computed
   */
  public record Teacher(
      String name,
      String model,
      List<DataFile> features,
      Optional<String> prompts,
      int promptTokens,
      double promptLearningRate,
      List<Double> saliency) {}
}
