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

  /** A model as it was read: a network whose layers are known, or a program. */
  private record Model(Optional<ModelFile> network, Optional<FrozenModel> program) {
    static Model of(ModelFile network) {
      return new Model(Optional.of(network), Optional.empty());
    }

    static Model of(FrozenModel.Kind kind, Preprocessing preprocessing, byte[] program) {
      return new Model(
          Optional.empty(), Optional.of(new FrozenModel(kind, preprocessing, program)));
    }
  }

  /**
   * Opens a model.
   *
   * @throws DataException if the file is missing or malformed
   * @throws RecipeException if it does not say what it is, and the user does not either
   */
  public static Embedder open(Path file, Described described) throws IOException {
    Model model = read(file, described);
    return model.program().isPresent()
        ? model.program().get().open(file.toString(), BATCH, threads())
        : NetworkEmbedder.open(model.network().orElseThrow(), BATCH);
  }

  /**
   * The ONNX program of a model, with its preprocessing.
   *
   * @throws DataException as {@link #open}, and if it is a TorchScript module
   * @throws RecipeException as {@link #open}, and if this kind of network has no ONNX form
   */
  public static FrozenModel onnx(Path file, Described described) throws IOException {
    Model model = read(file, described);
    if (model.network().isPresent()) {
      ModelFile network = model.network().get();
      return new FrozenModel(
          FrozenModel.Kind.ONNX, network.preprocessing(), OnnxExport.bytes(network));
    }
    FrozenModel program = model.program().orElseThrow();
    if (program.kind() != FrozenModel.Kind.ONNX) {
      throw new DataException(
          file + " is a TorchScript module, which has no ONNX form here; export it from PyTorch");
    }
    return program;
  }

  private static Model read(Path file, Described described) throws IOException {
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
      return Model.of(frozen.kind(), described.asked(frozen.preprocessing()), frozen.program());
    }
    boolean zip = start.length > 2 && start[0] == 'P' && start[1] == 'K';
    if (zip && holdsCode(file)) {
      return Model.of(
          FrozenModel.Kind.TORCHSCRIPT, described.preprocessingOrUsual(), Files.readAllBytes(file));
    }
    // The length before a safetensors header may look like the start of a pickle.
    boolean safetensors = start.length > 8 && start[8] == '{';
    boolean pickle = !safetensors && start.length > 2 && (start[0] & 0xFF) == 0x80;
    if (zip || pickle) {
      return weights(WeightsFile.read(file), name, described);
    }
    return safetensors ? safetensors(file, described) : program(file, described);
  }

  private static Model safetensors(Path file, Described described) {
    TensorFile tensors = Safetensors.read(file);
    if (!ModelFile.isModel(tensors)) {
      return weights(tensors, file.toString(), described);
    }
    ModelFile model = ModelFile.read(file);
    return Model.of(
        new ModelFile(
            model.backbone(),
            described.asked(model.preprocessing()),
            model.weights(),
            model.classifier(),
            model.notes()));
  }

  /** An ONNX file with the weights that lie beside it. */
  public static byte[] wholeOnnx(Path file) throws IOException {
    return OnnxProgram.whole(
        Files.readAllBytes(file),
        file.toString(),
        location -> Files.readAllBytes(file.resolveSibling(location)));
  }

  private static Model program(Path file, Described described) throws IOException {
    String name = file.toString();
    byte[] whole = wholeOnnx(file);
    byte[] program =
        described.output().map(output -> OnnxProgram.withOutput(whole, name, output)).orElse(whole);
    Preprocessing preprocessing =
        described
            .preprocessing()
            .or(() -> FrozenModel.statedBy(FrozenModel.Kind.ONNX, program, name))
            .orElse(Preprocessing.STANDARD);
    return Model.of(FrozenModel.Kind.ONNX, described.asked(preprocessing), program);
  }

  private static Model weights(TensorFile tensors, String name, Described described) {
    Selected<Backbone<?>> backbone =
        described
            .backbone()
            .orElseThrow(
                () ->
                    new RecipeException(
                        name
                            + " holds weights but does not say of which network: add --backbone,"
                            + " such as --backbone '{iresnet: {depth: 50}}' --naming insightface"));
    return Model.of(
        ForeignWeights.model(
            tensors, name, backbone, described.preprocessingOrUsual(), described.naming()));
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
