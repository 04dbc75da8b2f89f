package io.facet.pipelines.registry;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.embed.FrozenModel;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.OnnxProgram;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.card.MlflowModel;
import io.facet.pipelines.mlflow.Registration;
import io.facet.tracking.mlflow.MlflowApi;
import io.facet.tracking.mlflow.Registry;
import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.TrackingOptions;
import io.facet.transforms.publish.PublishUnit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fetches model files from MLflow's registry. A file that was fetched before is taken from the
 * cache if the version says its digest; the server is asked in any case which version is meant.
 */
public final class ModelRegistry {
  private static final Pattern FILE = Pattern.compile("(.+)/([^/]+[.](?:onnx|safetensors|pt|pth))");

  private final MlflowApi api;
  private final TrackingOptions server;
  private final ModelReference reference;

  private ModelRegistry(MlflowApi api, TrackingOptions server, ModelReference reference) {
    this.api = api;
    this.server = server;
    this.reference = reference;
  }

  /**
   * The version a reference means, with its file on this machine.
   *
   * @throws RecipeException if no server is known
   * @throws DataException if there is no such model, alias or version, it has no model file, or the
   *     file is not what was registered
   * @throws InfrastructureException if the server cannot be asked, or the cache not written
   */
  public static RegisteredModel resolve(TrackingOptions server, ModelReference reference)
      throws IOException, InterruptedException {
    return asking(server, reference, ModelRegistry::program);
  }

  /**
   * The same for a model file that is read alone, without files beside it.
   *
   * @throws DataException also if it keeps its weights in files beside it
   */
  public static RegisteredModel single(TrackingOptions server, ModelReference reference)
      throws IOException, InterruptedException {
    RegisteredModel model = resolve(server, reference);
    String file = model.file().toString();
    if (file.endsWith(".onnx")
        && !OnnxProgram.files(Files.readAllBytes(model.file()), model.name()).isEmpty()) {
      throw new DataException(
          "%s keeps its weights in files beside %s; name the file itself, with those beside it"
              .formatted(model.name(), model.file().getFileName()));
    }
    return model;
  }

  /**
   * The version a reference means, with the file of its tensors: of a version that is a program,
   * the one that Facet kept among the files of the run that made it.
   *
   * @throws DataException also if it has no such file
   */
  public static RegisteredModel weights(TrackingOptions server, ModelReference reference)
      throws IOException, InterruptedException {
    return asking(server, reference, ModelRegistry::tensors);
  }

  /** What is asked of an open server. */
  private interface Question {
    RegisteredModel ask(ModelRegistry registry)
        throws MlflowFailure, InterruptedException, IOException;
  }

  private static RegisteredModel asking(
      TrackingOptions server, ModelReference reference, Question question)
      throws IOException, InterruptedException {
    if (server.server().isEmpty()) {
      throw new RecipeException(
          "%s: no MLflow server is known: give --tracking-uri or MLFLOW_TRACKING_URI, or start one with 'facet track serve'"
              .formatted(reference));
    }
    try (MlflowApi api = new MlflowApi(server)) {
      return question.ask(new ModelRegistry(api, server, reference));
    } catch (MlflowFailure e) {
      throw new InfrastructureException(
          "%s: MLflow cannot be asked: %s; correct --tracking-uri, or start the server with 'facet track serve'"
              .formatted(reference, e.getMessage()),
          e);
    }
  }

  private RegisteredModel program() throws MlflowFailure, InterruptedException, IOException {
    Registry.Version version = version();
    String name = name(version);
    ModelCache cache = cache(version);
    String files = api.registry().files(version);
    Matcher file = FILE.matcher(files);
    String local = file.matches() ? file.group(2) : MlflowModel.ONNX;
    String stated = version.tags().getOrDefault(Registration.SHA256, "");
    String sha256 = stated;
    if (!stated.matches("[0-9a-f]{64}") || !cache.holds(stated, local)) {
      sha256 =
          file.matches()
              ? keep(cache, name, stated, local, fetch(name, file.group(1), local))
              : fetchFolder(cache, name, stated, files);
    }
    return model(version, cache, sha256, local);
  }

  private RegisteredModel tensors() throws MlflowFailure, InterruptedException, IOException {
    Registry.Version version = version();
    Matcher file = FILE.matcher(api.registry().files(version));
    if (file.matches() && !file.group(2).endsWith(".onnx")) {
      return program();
    }
    String name = name(version);
    if (version.runId().isEmpty()) {
      throw new DataException(
          "%s has no weights to train from: no run made it; name a file of weights"
              .formatted(name));
    }
    ModelCache cache = cache(version);
    String stated = version.tags().getOrDefault(Registration.WEIGHTS_SHA256, "");
    String sha256 = stated;
    if (!stated.matches("[0-9a-f]{64}") || !cache.holds(stated, PublishUnit.MODEL)) {
      String artifacts = api.reader().run(version.runId()).artifactUri();
      byte[] bytes = fetch(name, artifacts, PublishUnit.MODEL);
      sha256 = keep(cache, name, stated, PublishUnit.MODEL, bytes);
    }
    return model(version, cache, sha256, PublishUnit.MODEL);
  }

  private RegisteredModel model(
      Registry.Version version, ModelCache cache, String sha256, String local) {
    return new RegisteredModel(
        name(version),
        cache.place(sha256, local),
        sha256,
        Optional.ofNullable(version.tags().get(Registration.EVALUATION)),
        server);
  }

  private ModelCache cache(Registry.Version version) {
    return ModelCache.of(server.environment(), api.server(), version.model(), version.version());
  }

  private static String name(Registry.Version version) {
    return "models:/%s/%d".formatted(version.model(), version.version());
  }

  private Registry.Version version() throws MlflowFailure, InterruptedException {
    Optional<Registry.Version> found =
        reference.alias().isPresent()
            ? api.registry().aliased(reference.model(), reference.alias().get())
            : api.registry().version(reference.model(), reference.version());
    if (found.isPresent()) {
      return found.get();
    }
    Optional<SortedMap<String, Long>> aliases = api.registry().aliases(reference.model());
    if (aliases.isEmpty()) {
      throw new DataException(
          "%s: MLflow at %s has no model '%s'%s"
              .formatted(
                  reference, api.server(), reference.model(), listed(api.registry().models())));
    }
    throw new DataException(
        reference.alias().isPresent()
            ? "%s: the model has no alias '%s'%s"
                .formatted(
                    reference, reference.alias().get(), listed(List.copyOf(aliases.get().keySet())))
            : "%s: the model has no version %d%s"
                .formatted(
                    reference,
                    reference.version(),
                    listed(
                        api.registry().versions(reference.model()).stream()
                            .map(one -> Long.toString(one.version()))
                            .toList())));
  }

  private static String listed(List<String> there) {
    return there.isEmpty() ? "; there is none" : "; there is " + String.join(", ", there);
  }

  /** Fetches the ONNX file that a folder describes; answers its digest. */
  private String fetchFolder(ModelCache cache, String name, String stated, String folder)
      throws MlflowFailure, InterruptedException {
    Mlmodel described =
        Mlmodel.parse(
            name, new String(fetch(name, folder, MlflowModel.DESCRIPTION), StandardCharsets.UTF_8));
    byte[] onnx = fetch(name, folder, described.onnx());
    String sha256 = require(name, stated, onnx);
    Optional<Preprocessing> own = FrozenModel.statedBy(FrozenModel.Kind.ONNX, onnx, name);
    if (described.contract().isPresent()
        && own.isPresent()
        && !own.get().equals(described.contract().get())) {
      throw new DataException(
          "%s: its ONNX file expects %s, its file MLmodel says %s; publish it again"
              .formatted(name, own.get(), described.contract().get()));
    }
    for (String beside : OnnxProgram.files(onnx, name)) {
      cache.keep(sha256, beside, fetch(name, folder, beside));
    }
    cache.keep(sha256, MlflowModel.ONNX, onnx);
    return sha256;
  }

  private static String keep(
      ModelCache cache, String name, String stated, String local, byte[] bytes) {
    String sha256 = require(name, stated, bytes);
    cache.keep(sha256, local, bytes);
    return sha256;
  }

  private static String require(String name, String stated, byte[] bytes) {
    String sha256 = FileDigests.sha256(bytes);
    if (!stated.isEmpty() && !stated.equals(sha256)) {
      throw new DataException(
          "%s: its file is not what was registered (SHA-256 %s, not %s); publish it again"
              .formatted(name, sha256, stated));
    }
    return sha256;
  }

  private byte[] fetch(String name, String folder, String file)
      throws MlflowFailure, InterruptedException {
    try {
      return api.artifact(folder, file);
    } catch (MlflowFailure e) {
      if (e.passing()) {
        throw e;
      }
      throw new DataException(
          "%s has no model file: %s is not in %s (%s); register a version that has one"
              .formatted(name, file, folder, e.getMessage()),
          e);
    }
  }
}
