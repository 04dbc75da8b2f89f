package io.facet.pipelines.stage;

import io.facet.models.DataException;
import io.facet.models.onnx.OnnxProgram;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.artifact.StoreCheck;
import io.facet.pipelines.plan.FingerprintInputs;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.RegisteredFile;
import io.facet.pipelines.recipe.FrozenRecipe;
import io.facet.pipelines.recipe.ShippedWeights;
import io.facet.pipelines.recipe.WeightsRecipe;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Weights files that recipes name: found, brought into the store once if they come from elsewhere,
 * and checked by digest.
 */
final class WeightsFiles {
  private static final Logger LOG = LoggerFactory.getLogger(WeightsFiles.class);
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private WeightsFiles() {}

  /**
   * Where the file is, for workers: a URL and weights that come with Facet are put into the store
   * first, which workers of a cluster can read.
   */
  static String uri(WeightsRecipe weights, PlanContext context) {
    return uri(weights, context.registered().weights(weights.path()), context);
  }

  /** The same of a finished program. */
  static String uri(FrozenRecipe program, PlanContext context) {
    return uri(program.file(), context.registered().program(program.path()), context);
  }

  private static String uri(
      WeightsRecipe weights, Optional<RegisteredFile> registered, PlanContext context) {
    if (weights.local()) {
      return context.recipe().data().resolve(weights.path());
    }
    if (weights.registered()) {
      return kept(weights, registered.orElseThrow(), context);
    }
    boolean shipped = ShippedWeights.names(weights.path());
    String target = target(weights.sha256().orElseThrow(), context);
    try {
      if (!sound(target, weights.sha256().orElseThrow())) {
        byte[] bytes = shipped ? ShippedWeights.read(weights.path()) : download(weights.path());
        check(weights, Sha256.hex(bytes));
        StoredFiles.write(target, bytes);
      }
      return target;
    } catch (IOException e) {
      if (shipped) {
        throw new InfrastructureException(
            "%s cannot be put into the store: %s".formatted(weights.path(), e.getMessage()), e);
      }
      throw new InfrastructureException(
          "%s cannot be downloaded: %s; put the file beside the data and name its path"
              .formatted(weights.path(), e.getMessage()),
          e);
    }
  }

  /** A registered model's file, in the store; there is nothing beside it. */
  private static String kept(WeightsRecipe weights, RegisteredFile found, PlanContext context) {
    String target = target(found.sha256(), context);
    try {
      if (!sound(target, found.sha256())) {
        StoredFiles.write(target, Files.readAllBytes(found.file()));
      }
      return target;
    } catch (IOException e) {
      throw new InfrastructureException(
          "%s cannot be put into the store: %s".formatted(weights.path(), e.getMessage()), e);
    }
  }

  private static String target(String sha256, PlanContext context) {
    return context.storeRoot() + "/" + StoreCheck.DOWNLOADS + "/" + sha256;
  }

  /** Whether the file is there; one that is not what it should be is set aside. */
  private static boolean sound(String target, String sha256) throws IOException {
    if (!StoredFiles.exists(target)) {
      return false;
    }
    if (FileDigests.sha256(target).equalsIgnoreCase(sha256)) {
      return true;
    }
    String aside = target + "-damaged-" + System.currentTimeMillis();
    LOG.warn("{} is damaged; set aside as {} and fetched again", target, aside);
    StoredFiles.move(target, aside);
    return false;
  }

  /**
   * Adds the digest of a weights file, and which version of which registered model it is of.
   *
   * @throws DataException if it is missing or not the one the recipe means
   */
  static FingerprintInputs addTo(
      FingerprintInputs inputs, String name, WeightsRecipe weights, PlanContext context) {
    context
        .registered()
        .weights(weights.path())
        .ifPresent(found -> inputs.option(name + ".registered", found.version()));
    return inputs.content(name, sha256(weights, context));
  }

  /** The same of a finished program. */
  static FingerprintInputs addTo(
      FingerprintInputs inputs, String name, FrozenRecipe program, PlanContext context) {
    context
        .registered()
        .program(program.path())
        .ifPresent(found -> inputs.option(name + ".registered", found.version()));
    return inputs.content(name, sha256(program.file(), uri(program, context)));
  }

  /** What a plan says of weights that are of a registered model. */
  static List<String> notes(Optional<WeightsRecipe> weights, PlanContext context) {
    return weights
        .map(WeightsRecipe::path)
        .flatMap(path -> context.registered().weights(path).map(found -> found.note(path)))
        .stream()
        .toList();
  }

  /** The same of a finished program. */
  static List<String> notes(FrozenRecipe program, PlanContext context) {
    return context.registered().program(program.path()).stream()
        .map(found -> found.note(program.path()))
        .toList();
  }

  /**
   * The file's digest.
   *
   * @throws DataException if it is missing or not the one the recipe means
   */
  static String sha256(WeightsRecipe weights, PlanContext context) {
    return sha256(weights, uri(weights, context));
  }

  private static String sha256(WeightsRecipe weights, String uri) {
    try {
      String digest = Sha256.hex(StoredFiles.read(uri));
      check(weights, digest);
      return digest;
    } catch (FileNotFoundException e) {
      throw new DataException(
          uri + ": weights file not found; correct the path or --set data.root=FOLDER", e);
    } catch (IOException e) {
      throw new InfrastructureException(uri + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Digests of the files beside an ONNX program that hold its weights, by name; none if it stands
   * alone.
   *
   * @throws DataException if one is missing, or the program is malformed
   */
  static Map<String, String> besideSha256(FrozenRecipe program, PlanContext context) {
    String uri = uri(program, context);
    Map<String, String> digests = new TreeMap<>();
    if (program.file().registered()) {
      return digests;
    }
    try {
      for (String file : OnnxProgram.files(StoredFiles.read(uri), uri)) {
        digests.put(file, Sha256.hex(StoredFiles.read(StoredFiles.sibling(uri, file))));
      }
    } catch (FileNotFoundException e) {
      throw new DataException(
          "%s keeps its weights in a file beside it, which is not there (%s); put it there"
              .formatted(uri, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new InfrastructureException(uri + ": cannot be read: " + e.getMessage(), e);
    }
    return digests;
  }

  private static void check(WeightsRecipe weights, String digest) {
    if (weights.sha256().isPresent() && !weights.sha256().get().equalsIgnoreCase(digest)) {
      throw new DataException(
          "%s: SHA-256 is %s, the recipe expects %s; get the right file or correct the recipe"
              .formatted(weights.path(), digest, weights.sha256().get()));
    }
  }

  private static byte[] download(String url) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(DEADLINE).build();
    try {
      HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException("the server answered " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
