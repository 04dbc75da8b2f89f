package io.facet.pipelines.embed;

import io.facet.models.RecipeException;
import io.facet.transforms.parquet.TableFile;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A file of embeddings, written one image at a time in the form that its name ends with: Parquet,
 * CSV or JSON lines. It stands under its name once it is whole; images without an embedding stand
 * beside it.
 */
public final class EmbeddingFile implements AutoCloseable {
  private static final String TABLE = "embeddings";
  private static final String REJECTS = "rejects";

  private final Path file;
  private final Path folder;
  private final boolean csv;

  /** Of a Parquet file. */
  private final TableFile<EmbeddedImage> table;

  /** Of any other. */
  private final Writer text;

  /** Images without an embedding. */
  private final Writer rejects;

  /** Whoever ends the process finds nothing unfinished. */
  private final Thread atExit = new Thread(this::removeUnfinished);

  private boolean begun;
  private boolean rejected;

  /**
   * Begins a file.
   *
   * @throws RecipeException if its name ends in none of .parquet, .csv and .jsonl
   */
  public EmbeddingFile(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    boolean parquet = name.endsWith(".parquet");
    csv = name.endsWith(".csv");
    if (!parquet && !csv && !name.endsWith(".jsonl")) {
      throw new RecipeException(
          "--out: %s ends in none of .parquet, .csv and .jsonl".formatted(file));
    }
    this.file = file.toAbsolutePath();
    Files.createDirectories(this.file.getParent());
    folder = Files.createTempDirectory(this.file.getParent(), "." + file.getFileName());
    Runtime.getRuntime().addShutdownHook(atExit);
    table = parquet ? TableFile.create(EmbeddedImage.class, folder.toString(), TABLE) : null;
    text = parquet ? null : Files.newBufferedWriter(folder.resolve(TABLE));
    rejects = Files.newBufferedWriter(folder.resolve(REJECTS));
  }

  /** Appends one image. */
  public void add(EmbeddedImage image) throws IOException {
    if (table != null) {
      table.add(image);
      return;
    }
    if (csv && !begun) {
      text.write(EmbeddingText.csvHeader(image.embedding().length));
    }
    begun = true;
    text.write(csv ? EmbeddingText.csv(image) : EmbeddingText.json(image));
  }

  /** Appends an image without an embedding to the file of rejects. */
  public void add(RejectedImage image) throws IOException {
    rejects.write(EmbeddingText.json(image));
    rejected = true;
  }

  /** Where images without an embedding are told, with their reasons, if there are any. */
  public Path rejects() {
    return file.resolveSibling(file.getFileName() + ".rejects.jsonl");
  }

  /** Ends the file of rejects and gives it its name. */
  public void finishRejects() throws IOException {
    rejects.close();
    Files.deleteIfExists(rejects());
    if (rejected) {
      Files.move(folder.resolve(REJECTS), rejects());
    }
  }

  /** Ends both files and gives them their names. */
  public void finish() throws IOException {
    finishRejects();
    Path whole = folder.resolve(TABLE);
    if (table == null) {
      text.close();
    } else {
      List<String> parts = table.finish().uris(folder.toString());
      whole = Path.of(parts.get(0));
    }
    Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes what was not finished. */
  @Override
  public void close() throws IOException {
    Runtime.getRuntime().removeShutdownHook(atExit);
    try (rejects) {
      if (table == null) {
        text.close();
      } else {
        table.close();
      }
    } finally {
      removeUnfinished();
    }
  }

  private void removeUnfinished() {
    try (Stream<Path> left = Files.walk(folder)) {
      for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      folder.toFile().deleteOnExit();
    }
  }
}
