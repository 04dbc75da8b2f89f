package io.facet.pipelines.forget;

import io.facet.models.DataException;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Withdrawal;
import io.facet.transforms.parquet.TextColumns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What runs told MLflow of forgotten images: in the outbox, and on the user's own server. */
final class TrackedCopies {
  /** Tag of a run that stands in the place of an artifact that was withdrawn. */
  static final String TAG = "facet.forgotten";

  private static final byte[] PARQUET = "PAR1".getBytes(StandardCharsets.US_ASCII);
  private static final int MANIFEST_BYTES = 1 << 20;

  private final Path store;
  private final Wanted wanted;
  private final ForgottenWords words;

  TrackedCopies(Path store, Wanted wanted) {
    this.store = store;
    this.wanted = wanted;
    this.words = new ForgottenWords(wanted);
  }

  /** The outbox's part. */
  Withdrawal outbox() {
    return new Withdrawal(Outbox.in(store), TAG, this::holds, words::without);
  }

  /** Files that MLflow keeps in this store for its runs. */
  List<Path> served() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path file : StoreFiles.below(store.resolve("mlflow").resolve("artifacts"))) {
      if (holds(file)) {
        found.add(file);
      }
    }
    return found;
  }

  /** Other files of that server with ids or names in them, such as its database. */
  List<Path> database() throws IOException {
    List<Path> found = new ArrayList<>();
    Path folder = store.resolve("mlflow");
    for (Path file : StoreFiles.below(folder)) {
      if (!file.startsWith(folder.resolve("artifacts")) && words.in(file)) {
        found.add(file);
      }
    }
    return found;
  }

  /** A table, a text, or the manifest of an artifact that goes. */
  private boolean holds(Path file) throws IOException {
    return isTable(file)
        ? table(file)
        : words.in(file) || (Files.size(file) <= MANIFEST_BYTES && isManifest(file));
  }

  private boolean table(Path file) throws IOException {
    try {
      return TextColumns.any(
          file.toString(), (column, value) -> words.matches(column, value, true));
    } catch (DataException e) {
      return words.in(file); // not whole: of no use to anybody else either
    }
  }

  private static boolean isTable(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(PARQUET.length), PARQUET);
    }
  }

  private boolean isManifest(Path file) throws IOException {
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    return text.contains("\"originRun\"")
        && wanted.artifacts().stream()
            .anyMatch(fingerprint -> text.contains("\"fingerprint\" : \"" + fingerprint + "\""));
  }
}
