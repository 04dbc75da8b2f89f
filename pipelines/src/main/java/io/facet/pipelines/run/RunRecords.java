package io.facet.pipelines.run;

import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.LocalFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs a store remembers.
 *
 * @param store folder of the store
 */
public record RunRecords(Path store) {
  private static final Logger LOG = LoggerFactory.getLogger(RunRecords.class);

  /** All runs whose record can be read, newest first. */
  public List<RunRecord> all() {
    Path folder = store.resolve(RunFolder.RUNS);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<RunRecord> runs = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.toList()) {
        read(new RunFolder(store, child.getFileName().toString())).ifPresent(runs::add);
      }
    } catch (IOException e) {
      throw new InfrastructureException(folder + ": cannot be read: " + e.getMessage(), e);
    }
    runs.sort(Comparator.comparing(RunRecord::started).reversed());
    return runs;
  }

  /**
   * The newest run, or the newest that is meant by a text: its recipe's name or the beginning of
   * its id.
   *
   * @throws RecipeException if there is none
   */
  public RunRecord find(Optional<String> text) {
    List<RunRecord> all = all();
    if (all.isEmpty()) {
      throw new RecipeException(store + ": no run was started with this store; see --store");
    }
    return all.stream()
        .filter(r -> text.isEmpty() || r.recipe().equals(text.get()) || starts(r, text.get()))
        .findFirst()
        .orElseThrow(
            () ->
                new RecipeException(
                    "run '%s': none of the %d runs of %s has that recipe or id; the newest is %s %s"
                        .formatted(
                            text.orElse(""),
                            all.size(),
                            store,
                            all.get(0).recipe(),
                            all.get(0).run())));
  }

  /** The record of a run, if it is there and whole. */
  public Optional<RunRecord> read(RunFolder folder) {
    try {
      return Optional.of(
          RunRecord.parse(Files.readString(folder.record(), StandardCharsets.UTF_8)));
    } catch (NoSuchFileException e) {
      return Optional.empty(); // begun just now, or not planned yet
    } catch (IOException | RecipeException e) {
      LOG.warn("{} cannot be read and is passed over: {}", folder.record(), e.toString());
      return Optional.empty();
    }
  }

  /** Writes a record so that no reader sees a part of it. */
  public void write(RunRecord run) throws IOException {
    Path file = new RunFolder(store, run.run()).record();
    Files.createDirectories(file.getParent());
    LocalFiles.replace(file.toString(), run.json().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean starts(RunRecord run, String text) {
    return !text.isEmpty() && run.run().startsWith(text);
  }
}
