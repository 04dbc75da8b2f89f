package io.facet.pipelines.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facet.models.embed.Embedder;
import io.facet.models.embed.EmbedderLoader;
import io.facet.models.embed.FrozenModel;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.evaluate.ModelFiles;
import io.facet.pipelines.evaluate.OwnEvaluation;
import io.facet.pipelines.recipe.RecipeYaml;
import io.facet.pipelines.registry.RegisteredModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model file, what the user says of one that does not describe itself, and a detector. */
final class ModelFileOptions {
  @Option(
      names = "--model",
      paramLabel = "FILE",
      required = true,
      description =
          "A model file: ours, ONNX, TorchScript, or weights of a known network"
              + " (.safetensors, .pth) together with --backbone; or models:/NAME@ALIAS or"
              + " models:/NAME/VERSION of MLflow's registry.")
  private String model;

  @Mixin private RegistryOption registry;

  @Option(
      names = "--detector",
      paramLabel = "[KIND:]FILE",
      description =
          "Weights of a detector, YuNet's (ONNX) unless KIND says another; without it images must be"
              + " aligned, or drawn.")
  private String detector;

  @Option(
      names = "--backbone",
      paramLabel = "YAML",
      description =
          "Network of a file that holds weights only: iresnet or '{iresnet: {depth: 50}}'.")
  private String backbone;

  @Option(
      names = "--naming",
      paramLabel = "NAMING",
      description = "Who named the tensors of such a file: facet (default), timm, insightface, ...")
  private String naming;

  @Option(
      names = "--input",
      paramLabel = "YAML",
      description =
          "Input of a file that does not say it: '{colourOrder: bgr, mean: [...],"
              + " standardDeviation: [...]}'; default: RGB, 112x112, scaled to -1..1.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "Output of an ONNX model that gives the embeddings, where several may.")
  private String output;

  @Option(
      names = "--flip",
      negatable = true,
      description =
          "Add the embeddings of an image and its mirror image, or do not; default: as the model's"
              + " file says.")
  private Boolean flip;

  private RegisteredModel registered;

  /** The model file, fetched from the registry at the first call if it is a model of it. */
  Path file() throws IOException {
    return registered().map(RegisteredModel::file).orElseGet(() -> Path.of(model));
  }

  /** What tables call the model: its file's name, or version in the registry. */
  String name() throws IOException {
    return registered()
        .map(RegisteredModel::name)
        .orElseGet(() -> Path.of(model).getFileName().toString());
  }

  /** The evaluation of the model, from its store or the registry's server, if there is one. */
  Optional<OwnEvaluation> evaluation() throws IOException {
    Optional<RegisteredModel> one = registered();
    try {
      return one.isPresent() ? one.get().measured() : OwnEvaluation.of(Path.of(model));
    } catch (InterruptedException e) {
      throw RegistryOption.interrupted(e);
    }
  }

  /** Says that there is no {@link #evaluation}. */
  String unmeasured() throws IOException {
    return registered()
        .map(one -> "MLflow has no evaluation of " + one.name())
        .orElseGet(() -> model + " lies in no store with its evaluation");
  }

  private Optional<RegisteredModel> registered() throws IOException {
    if (registered == null) {
      registered = registry.find(model).orElse(null);
    }
    return Optional.ofNullable(registered);
  }

  Optional<String> detector() {
    return Optional.ofNullable(detector);
  }

  /**
   * Opens the model.
   *
   * @throws io.facet.models.DataException if the file is missing or damaged
   * @throws io.facet.models.RecipeException if it does not say what it is, and the options do not
   */
  Embedder open() throws IOException {
    return ModelFiles.open(file(), described());
  }

  /** The ONNX program of the model; fails as {@link #open}, and if there is none. */
  FrozenModel onnx() throws IOException {
    return ModelFiles.onnx(file(), described());
  }

  private EmbedderLoader.Described described() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    put(tree, "backbone", backbone);
    put(tree, "naming", naming);
    put(tree, "input", input);
    if (output != null) {
      tree.put("output", output);
    }
    if (flip != null) {
      tree.put("flipFusion", flip ? "sum" : "none");
    }
    return RecordBinder.bind(EmbedderLoader.Described.class, tree);
  }

  private static void put(ObjectNode tree, String name, String yaml) {
    if (yaml != null) {
      tree.set(name, RecipeYaml.value("--" + name, yaml));
    }
  }
}
