package io.facet.models.train.teacher;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.device.ForwardPrecision;
import io.facet.models.face.Preprocessing;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.TensorScope;
import io.facet.models.train.data.InputImages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A frozen network that runs in every step, in evaluation mode, with or without prompts. Network
 * and prompts stay the caller's to close.
 */
public final class LiveTeacher implements TeacherOutputs {
  /** Below this cosine to the unprompted teacher, prompts have led it away from what it knew. */
  private static final double DRIFTED = 0.9;

  private static final int DRIFT_CHECK_EVERY = 50;

  private final Network network;
  private final Preprocessing preprocessing;
  private final Set<String> wanted;
  private final Optional<PromptSet> prompts;
  private final boolean trained;
  private ForwardPrecision precision = ForwardPrecision.FLOAT32;
  private final Map<String, String> alarms = new LinkedHashMap<>();

  private LiveTeacher(
      Network network,
      Preprocessing preprocessing,
      Set<String> taps,
      Optional<PromptSet> prompts,
      boolean trained) {
    this.network = network;
    this.preprocessing = preprocessing;
    this.wanted = new TreeSet<>(taps);
    this.prompts = prompts;
    this.trained = trained;
    if (prompts.isPresent() && !(network instanceof PromptableNetwork)) {
      throw new RecipeException(
          "the teacher takes no prompts; choose a transformer teacher such as vit");
    }
    network.setTrainable(false);
    prompts.ifPresent(set -> set.setTrainable(trained));
  }

  /** A teacher without prompts. */
  public static LiveTeacher plain(Network network, Preprocessing preprocessing, Set<String> taps) {
    return new LiveTeacher(network, preprocessing, taps, Optional.empty(), false);
  }

  /**
   * A teacher with prompts.
   *
   * @param trained whether the prompts learn with the student or stay as they are
   * @throws RecipeException if the network takes no prompts
   */
  public static LiveTeacher prompted(
      Network network,
      Preprocessing preprocessing,
      Set<String> taps,
      PromptSet prompts,
      boolean trained) {
    return new LiveTeacher(network, preprocessing, taps, Optional.of(prompts), trained);
  }

  @Override
  public void to(Device device, ForwardPrecision wanted) {
    precision = wanted;
    network.to(device);
    prompts.ifPresent(set -> set.to(device));
  }

  @Override
  public boolean recomputeBlocks() {
    if (trained && network.hasBlocks()) {
      network.recomputeBlocks();
      return true;
    }
    return false;
  }

  @Override
  public int embeddingSize() {
    return network.embeddingSize();
  }

  @Override
  public Map<String, Shape> taps() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (String tap : wanted) {
      Shape shape = network.taps().get(tap);
      boolean joined = promptTokens() > 0 && tap.equals(PromptSet.TAP);
      shapes.put(tap, joined ? new Shape(shape.get(0) + promptTokens(), shape.get(1)) : shape);
    }
    return shapes;
  }

  @Override
  public int promptTokens() {
    return prompts.map(PromptSet::tokens).orElse(0);
  }

  @Override
  public Optional<Preprocessing> preprocessing() {
    return Optional.of(preprocessing);
  }

  @Override
  public Optional<PromptSet> trainedPrompts() {
    return trained ? prompts : Optional.empty();
  }

  @Override
  public Features outputs(TensorScope scope, TeacherBatch batch) {
    return trained ? trainedOutputs(scope, batch) : constantOutputs(scope, batch.images());
  }

  /** The caller lends the prompts, which it trains; only the network is lent here. */
  private Features trainedOutputs(TensorScope scope, TeacherBatch batch) {
    NDArray before = unprompted(scope, batch.images());
    scope.lend(network);
    Features features;
    try (ForwardPrecision.Stretch forward = precision.begin(network.device())) {
      features =
          precision.finish(
              ((PromptableNetwork) network)
                  .forward(
                      batch.images().array(scope.manager(), network.device()),
                      prompts.orElseThrow().arrays(),
                      wanted,
                      false));
    }
    if (batch.step() % DRIFT_CHECK_EVERY == 0) {
      warnOfDrift(before, features.embedding());
    }
    Map<String, NDArray> taps = new LinkedHashMap<>(features.taps());
    taps.put(PromptSet.UNPROMPTED, before);
    return new Features(features.embedding(), taps);
  }

  private Features constantOutputs(TensorScope scope, InputImages input) {
    try (TensorScope inner = TensorScope.inference(scope.manager(), network)) {
      prompts.ifPresent(inner::lend);
      NDArray images = input.array(inner.manager(), network.device());
      List<NDArray> arrays = prompts.map(PromptSet::arrays).orElse(List.of());
      Features features;
      try (ForwardPrecision.Stretch forward = precision.begin(network.device())) {
        features =
            precision.finish(
                network instanceof PromptableNetwork promptable
                    ? promptable.forward(images, arrays, wanted, false)
                    : network.forward(images, wanted, false));
      }
      features.embedding().attach(scope.manager());
      features.taps().values().forEach(tap -> tap.attach(scope.manager()));
      return features;
    }
  }

  private NDArray unprompted(TensorScope scope, InputImages input) {
    try (TensorScope inner = TensorScope.inference(scope.manager(), network)) {
      NDArray embedding;
      try (ForwardPrecision.Stretch forward = precision.begin(network.device())) {
        Features features =
            precision.finish(
                network.forward(input.array(inner.manager(), network.device()), Set.of(), false));
        embedding = features.embedding();
      }
      embedding.attach(scope.manager());
      return embedding;
    }
  }

  private void warnOfDrift(NDArray before, NDArray now) {
    float cosine = HostArray.number(L2Normalise.cosines(now.stopGradient(), before).mean());
    if (cosine < DRIFTED) {
      alarms.put(
          "teacher-drift",
          "prompts have moved the teacher's embeddings away (mean cosine %.3f to the teacher without prompts); lower the prompts' learning rate or raise teacherIdentityWeight"
              .formatted(cosine));
    }
  }

  @Override
  public Map<String, String> alarms() {
    Map<String, String> raised = new LinkedHashMap<>(alarms);
    alarms.clear();
    return raised;
  }
}
