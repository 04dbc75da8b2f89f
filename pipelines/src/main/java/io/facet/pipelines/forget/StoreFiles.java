package io.facet.pipelines.forget;

import io.facet.transforms.ingest.ForgottenImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What lies in a store on this machine, by kind of folder. */
final class StoreFiles {
  /** What was fetched from elsewhere, the outbox, the server of MLflow and our own records. */
  private static final Set<String> APART =
      Set.of("downloads", "tracking", "mlflow", ForgottenImages.FOLDER);

  private StoreFiles() {}

  /** Where attempts at one artifact lie: {@code STAGE/FINGERPRINT}. */
  record Place(String stage, String fingerprint) {}

  /** All of them. */
  static List<Place> fingerprints(Path store) throws IOException {
    List<Place> places = new ArrayList<>();
    for (Path stage : folders(store)) {
      for (Path fingerprint : folders(stage)) {
        if (isFingerprint(fingerprint)) {
          places.add(new Place(name(stage), name(fingerprint)));
        }
      }
    }
    return places;
  }

  /** Files beside artifacts and outbox: caches, runs, nights and whatever else is there. */
  static List<Path> beside(Path store) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path top : folders(store)) {
      if (!APART.contains(name(top))) {
        for (Path file : below(top)) {
          Path relative = top.relativize(file);
          if (relative.getNameCount() < 2 || !isFingerprint(relative.getName(0))) {
            files.add(file);
          }
        }
      }
    }
    return files;
  }

  /** All files below a folder. */
  static List<Path> below(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<Path> folders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static boolean isFingerprint(Path name) {
    return name(name).matches("[0-9a-f]{64}");
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
