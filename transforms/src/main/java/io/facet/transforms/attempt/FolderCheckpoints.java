package io.facet.transforms.attempt;

import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checkpoints as checksummed files {@code step-N.checkpoint}. The file before the latest is kept,
 * so a writer that dies half-way loses one checkpoint, never all.
 *
 * @param folderUri where they are
 * @param damagedUri folder for those whose bytes changed
 */
record FolderCheckpoints(String folderUri, String damagedUri) implements CheckpointStore {
  private static final int KEPT = 2;

  @Override
  public void save(long step, Content checkpoint) throws IOException {
    if (step < 0) {
      throw new IllegalArgumentException("step is " + step + "; at least 0 is needed");
    }
    StoredFiles.write(
        StoredFiles.below(folderUri, fileName(step)),
        out -> SealedStream.write(out, step, checkpoint));
    List<StoredFiles.Listed> files = StoredFiles.list(folderUri);
    StoredFiles.delete(
        files.subList(0, Math.max(0, files.size() - KEPT)).stream()
            .map(StoredFiles.Listed::uri)
            .toList());
  }

  @Override
  public Optional<Saved> latest() throws IOException {
    List<StoredFiles.Listed> files = StoredFiles.list(folderUri);
    for (int i = files.size() - 1; i >= 0; i--) {
      StoredFiles.Listed file = files.get(i);
      SealedStream.Checked checked = check(file);
      if (checked.state() == SealedStream.State.WHOLE) {
        return Optional.of(
            new Saved(
                checked.number(),
                () -> SealedStream.payload(StoredFiles.open(file.uri()), file.size())));
      }
    }
    return Optional.empty();
  }

  /** One that is cut short is left alone: its writer died, and the next one replaces it. */
  @Override
  public List<String> setAsideDamaged() throws IOException {
    List<String> found = new ArrayList<>();
    for (StoredFiles.Listed file : StoredFiles.list(folderUri)) {
      Optional<String> damage = check(file).damage();
      if (damage.isPresent()) {
        String aside = setAside(file.name());
        found.add("%s is damaged: %s; set aside as %s".formatted(file.uri(), damage.get(), aside));
      }
    }
    return found;
  }

  static SealedStream.Checked check(StoredFiles.Listed file) throws IOException {
    try (InputStream in = StoredFiles.open(file.uri())) {
      return SealedStream.check(in, file.size());
    }
  }

  String setAside(long step) throws IOException {
    return setAside(fileName(step));
  }

  private String setAside(String name) throws IOException {
    String aside = StoredFiles.below(damagedUri, name);
    StoredFiles.move(StoredFiles.below(folderUri, name), aside);
    return aside;
  }

  private static String fileName(long step) {
    return "step-%012d.checkpoint".formatted(step);
  }
}
