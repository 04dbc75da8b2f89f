package io.facet.transforms.attempt;

import io.facet.models.DataException;
import io.facet.models.train.checkpoint.CheckpointStore;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The one folder a worker may write to: attachments, tables, progress segments and checkpoints of
 * one attempt at a stage. Nothing in it is ever renamed, and nothing counts until the driver
 * commits the attempt.
 *
 * @param uri of the folder, on any of Beam's file systems
 */
public record AttemptFolder(String uri) implements Serializable {
  private static final String PROGRESS = "progress/";
  private static final String CHECKPOINTS = "checkpoints/";
  private static final String DAMAGED = "damaged/";

  /**
   * A whole progress segment.
   *
   * @param number given by the writer
   * @param bytes JSON lines
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Segment(long number, byte[] bytes) {}

  /** The URI of a file of the folder. */
  public String uri(String name) {
    return StoredFiles.below(uri, name);
  }

  /** Creates or replaces a file; names may hold {@code /}. */
  public void put(String name, byte[] bytes) throws IOException {
    StoredFiles.write(uri(name), bytes);
  }

  /**
   * The bytes of a file.
   *
   * @throws FileNotFoundException if there is none
   */
  public byte[] get(String name) throws IOException {
    return StoredFiles.read(uri(name));
  }

  /** Whether the file is there. */
  public boolean contains(String name) throws IOException {
    return StoredFiles.exists(uri(name));
  }

  /** All files below the folder by name, temporary ones of Beam left out. */
  public List<StoredFiles.Listed> list() throws IOException {
    return StoredFiles.list(uri);
  }

  /**
   * Writes one progress segment; the same number replaces what an earlier try wrote.
   *
   * @param number at least 0; readers see segments in its order
   */
  public void appendProgress(long number, byte[] jsonLines) throws IOException {
    put(segmentName(number), new Sealed(number, jsonLines).toBytes());
  }

  /** When each progress segment was written last (milliseconds since 1970), by its number. */
  public SortedMap<Long, Long> progressTimes() throws IOException {
    SortedMap<Long, Long> times = new TreeMap<>();
    for (StoredFiles.Listed file : StoredFiles.list(StoredFiles.below(uri, "progress"))) {
      String digits = file.name().replaceAll("\\D", "");
      if (!digits.isEmpty()) {
        times.put(Long.parseLong(digits), file.lastModified());
      }
    }
    return times;
  }

  /** One progress segment, or empty if it is not there or not whole. */
  public Optional<Segment> progress(long number) throws IOException {
    try {
      return Sealed.parse(get(segmentName(number)))
          .map(whole -> new Segment(whole.number(), whole.payload()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static String segmentName(long number) {
    return PROGRESS + "segment-%012d.sealed".formatted(number);
  }

  /**
   * The whole segments with higher numbers, in order, up to the first one that is not whole (yet).
   *
   * @param after number of the last segment seen, -1 for all
   */
  public List<Segment> progressAfter(long after) throws IOException {
    List<Segment> segments = new ArrayList<>();
    for (StoredFiles.Listed file : StoredFiles.list(StoredFiles.below(uri, "progress"))) {
      String digits = file.name().replaceAll("\\D", "");
      if (digits.isEmpty() || Long.parseLong(digits) <= after) {
        continue;
      }
      Optional<Sealed> sealed = Sealed.parse(StoredFiles.read(file.uri()));
      if (sealed.isEmpty()) {
        break;
      }
      segments.add(new Segment(sealed.get().number(), sealed.get().payload()));
    }
    return segments;
  }

  /** The checkpoints of one training run of this attempt. */
  public CheckpointStore checkpoints(String name) {
    return folderCheckpoints(name);
  }

  /**
   * Checkpoints and progress segments whose bytes changed since they were written, each with what
   * was expected and found. Those that are cut short are none: their writer died.
   */
  public List<String> damaged() throws IOException {
    List<String> found = new ArrayList<>();
    for (StoredFiles.Listed file : list()) {
      damage(file)
          .ifPresent(damage -> found.add("%s is damaged: %s".formatted(file.uri(), damage)));
    }
    return found;
  }

  private static Optional<String> damage(StoredFiles.Listed file) throws IOException {
    if (file.name().startsWith(CHECKPOINTS)) {
      return FolderCheckpoints.check(file).damage();
    }
    return file.name().startsWith(PROGRESS)
        ? Sealed.damage(StoredFiles.read(file.uri()))
        : Optional.empty();
  }

  /**
   * All progress segments in order, once the writer has ended.
   *
   * @throws DataException if one cannot be read
   */
  public List<Segment> allProgress() throws IOException {
    Optional<String> broken = brokenProgress(Long.MAX_VALUE);
    if (broken.isPresent()) {
      throw new DataException(
          broken.get()
              + " is damaged; run again: training goes on from a checkpoint before it, or anew");
    }
    return progressAfter(-1);
  }

  /**
   * The first progress segment below a number that cannot be read, whatever happened to it.
   *
   * @param before number of the first segment that does not matter
   */
  public Optional<String> brokenProgress(long before) throws IOException {
    for (StoredFiles.Listed file : StoredFiles.list(StoredFiles.below(uri, "progress"))) {
      String digits = file.name().replaceAll("\\D", "");
      if (!digits.isEmpty()
          && Long.parseLong(digits) < before
          && Sealed.parse(StoredFiles.read(file.uri())).isEmpty()) {
        return Optional.of(file.uri());
      }
    }
    return Optional.empty();
  }

  /**
   * Puts a checkpoint aside that cannot be used.
   *
   * @param name of the training run
   * @return where it is now
   */
  public String setCheckpointAside(String name, long step) throws IOException {
    return folderCheckpoints(name).setAside(step);
  }

  private FolderCheckpoints folderCheckpoints(String name) {
    return new FolderCheckpoints(
        StoredFiles.below(uri, CHECKPOINTS + name), StoredFiles.below(uri, DAMAGED + name));
  }
}
