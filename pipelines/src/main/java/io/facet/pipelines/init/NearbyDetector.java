package io.facet.pipelines.init;

import io.facet.models.DataException;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.Pixels;
import io.facet.models.face.YuNetDetector;
import io.facet.models.option.RecordBinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the weights of YuNet that lie near a person's images. */
public final class NearbyDetector {
  private static final String SUBFOLDER = "detectors";

  /** No multiple of 32 and no square: a file of fixed input size fails on it. */
  private static final int WIDTH = 200;

  private static final int HEIGHT = 136;

  private NearbyDetector() {}

  /**
   * The first ONNX file called {@code yunet} in these folders, or in 'detectors' there, that runs.
   */
  public static Optional<Path> in(List<Path> folders) throws IOException {
    for (Path folder : folders.stream().filter(Objects::nonNull).distinct().toList()) {
      for (Path place : List.of(folder, folder.resolve(SUBFOLDER))) {
        for (Path file : candidates(place)) {
          if (runs(file)) {
            return Optional.of(file);
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The file itself.
   *
   * @throws DataException if it is not a YuNet of dynamic input size
   */
  public static Path checked(Path file) {
    try (FaceDetector.Session session = open(file)) {
      session.find(blank(), new float[0]);
      return file;
    } catch (DataException e) {
      throw new DataException(
          file
              + " does not run as YuNet with images of any size; give yunet_n_dynamic.onnx ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  private static boolean runs(Path file) {
    try {
      checked(file);
      return true;
    } catch (DataException e) {
      return false;
    }
  }

  private static FaceDetector.Session open(Path file) {
    String options = "{\"model\": " + FirstRecipe.quoted(file) + "}";
    return new YuNetDetector().open(RecordBinder.bindJson(YuNetDetector.Options.class, options));
  }

  private static Pixels blank() {
    return new Pixels(WIDTH, HEIGHT, new byte[WIDTH * HEIGHT * 3]);
  }

  private static List<Path> candidates(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(
              file -> {
                String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
                return name.contains("yunet") && name.endsWith(".onnx");
              })
          .sorted()
          .toList();
    }
  }
}
