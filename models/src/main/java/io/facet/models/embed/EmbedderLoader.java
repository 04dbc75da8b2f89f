package io.facet.models.embed;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.face.Preprocessing;
import io.facet.models.face.PreprocessingOptions;
import io.facet.models.format.Impostor;
import io.facet.models.format.Safetensors;
import io.facet.models.format.TensorFile;
import io.facet.models.format.WeightsFile;
import io.facet.models.onnx.OnnxProgram;
import io.facet.models.option.Description;
import io.facet.models.option.Selected;
import io.facet.models.weights.ForeignWeights;
import io.facet.models.weights.ModelFile;
import io.facet.models.weights.WeightNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Opens model files of any supported kind, told apart by their contents. */
public final class EmbedderLoader {
  private static final int BATCH = 32;

  private EmbedderLoader() {}

  /**
   * What a user says of a file that does not describe itself.
   *
   * @param backbone the network of a file that holds weights only
   * @param naming of its tensors
   * @param input what the network expects
   * @param flipFusion use of the mirror image, whatever any file says
   * @param output of an ONNX model that gives its embeddings
   */
  public record Described(
      @Description(value = "The network.", defaultValue = Description.ABSENT)
          Optional<Selected<Backbone<?>>> backbone,
      @Description(value = "Names of its tensors.", defaultValue = "facet") WeightNaming naming,
      @Description(value = "Its input.", defaultValue = Description.ABSENT)
          Optional<PreprocessingOptions> input,
      @Description(value = "Use of the mirror image.", defaultValue = Description.ABSENT)
          Optional<Preprocessing.FlipFusion> flipFusion,
      @Description(value = "Its output.", defaultValue = Description.ABSENT)
          Optional<String> output) {
    Optional<Preprocessing> preprocessing() {
      return input.map(given -> given.preprocessing(Preprocessing.ARCFACE_112));
    }

    Preprocessing preprocessingOrUsual() {
      return asked(preprocessing().orElse(Preprocessing.STANDARD));
    }

    /** A contract with the use of the mirror image that was asked for. */
    Preprocessing asked(Preprocessing contract) {
      return flipFusion.map(contract::with).orElse(contract);
    }
  }

  /**
   * Opens a model.
   *
   * @throws DataException if the file is missing or malformed
   * @throws RecipeException if it does not say what it is, and the user does not either
   */
  public static Embedder open(Path file, Described described) throws IOException {
    if (!Files.exists(file)) {
      throw new DataException(file + ": no such model file; correct the path");
    }
    if (Files.isDirectory(file) || !Files.isReadable(file)) {
      throw new DataException(
          file
              + (Files.isDirectory(file)
                  ? " is a folder; name the model file in it"
                  : " cannot be read: permission denied"));
    }
    String name = file.toString();
    byte[] start;
    try (var in = Files.newInputStream(file)) {
      start = in.readNBytes(Impostor.BYTES);
    }
    if (FrozenModel.isFrozen(start)) {
      FrozenModel frozen = FrozenModel.read(Files.readAllBytes(file), name);
      return new FrozenModel(
              frozen.kind(), described.asked(frozen.preprocessing()), frozen.program())
          .open(name, BATCH, threads());
    }
    boolean zip = start.length > 2 && start[0] == 'P' && start[1] == 'K';
    if (zip && holdsCode(file)) {
      return TorchScriptEmbedder.open(
          Files.readAllBytes(file), name, described.preprocessingOrUsual(), BATCH);
    }
    // The length before a safetensors header may look like the start of a pickle.
    boolean safetensors = start.length > 8 && start[8] == '{';
    boolean pickle = !safetensors && start.length > 2 && (start[0] & 0xFF) == 0x80;
    if (zip || pickle) {
      return weights(WeightsFile.read(file), name, described);
    }
    return safetensors ? safetensors(file, described) : onnx(file, described);
  }

  private static Embedder safetensors(Path file, Described described) {
    TensorFile tensors = Safetensors.read(file);
    return ModelFile.isModel(tensors)
        ? network(ModelFile.read(file), described)
        : weights(tensors, file.toString(), described);
  }

  private static Embedder network(ModelFile model, Described described) {
    return NetworkEmbedder.open(
        new ModelFile(
            model.backbone(),
            described.asked(model.preprocessing()),
            model.weights(),
            model.classifier(),
            model.notes()),
        BATCH);
  }

  /** An ONNX file with the weights that lie beside it. */
  public static byte[] wholeOnnx(Path file) throws IOException {
    return OnnxProgram.whole(
        Files.readAllBytes(file),
        file.toString(),
        location -> Files.readAllBytes(file.resolveSibling(location)));
  }

  private static Embedder onnx(Path file, Described described) throws IOException {
    String name = file.toString();
    byte[] whole = wholeOnnx(file);
    byte[] program =
        described.output().map(output -> OnnxProgram.withOutput(whole, name, output)).orElse(whole);
    Preprocessing preprocessing =
        described
            .preprocessing()
            .or(() -> FrozenModel.statedBy(FrozenModel.Kind.ONNX, program, name))
            .orElse(Preprocessing.STANDARD);
    return OnnxEmbedder.open(
        program, name, Optional.of(described.asked(preprocessing)), BATCH, threads());
  }

  private static Embedder weights(TensorFile tensors, String name, Described described) {
    Selected<Backbone<?>> backbone =
        described
            .backbone()
            .orElseThrow(
                () ->
                    new RecipeException(
                        name
                            + " holds weights but does not say of which network: add --backbone,"
                            + " such as --backbone '{iresnet: {depth: 50}}' --naming insightface"));
    return NetworkEmbedder.open(
        ForeignWeights.model(
            tensors, name, backbone, described.preprocessingOrUsual(), described.naming()),
        BATCH);
  }

  /** Whether a zip is a TorchScript module and not only weights. */
  private static boolean holdsCode(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.stream().anyMatch(entry -> entry.getName().contains("/code/"));
    } catch (ZipException e) {
      throw new DataException(file + " is a damaged zip: " + e.getMessage(), e);
    }
  }

  private static int threads() {
    return Runtime.getRuntime().availableProcessors();
  }
}
