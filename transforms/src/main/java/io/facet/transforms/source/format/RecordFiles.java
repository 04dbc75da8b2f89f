package io.facet.transforms.source.format;

import io.facet.models.DataException;
import io.facet.models.format.RecordIo;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.source.PackedFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The RecordIO files that a recipe names, each with the index beside it. */
final class RecordFiles {
  private static final double MEBIBYTE = 1 << 20;

  private RecordFiles() {}

  /**
   * Looks the files up, and at the beginning and end of each.
   *
   * @param paths one path alone, whose images have plain names, or several and patterns
   * @throws DataException if one is missing, damaged at an end, or no RecordIO file
   */
  static List<PackedFile> of(List<String> paths) throws IOException {
    boolean alone = paths.size() == 1 && StoredFiles.exists(paths.get(0));
    List<PackedFile> files = new ArrayList<>();
    Map<String, String> names = new HashMap<>();
    for (String path : paths) {
      for (StoredFiles.Listed file : found(path)) {
        String name = file.name().replaceFirst("[.]rec$", "");
        String other = names.put(name, file.uri());
        if (other != null) {
          throw new DataException(
              "%s and %s have the same name, which their images are told apart by; rename one, or name them in two sources"
                  .formatted(other, file.uri()));
        }
        files.add(look(file, alone ? "" : name + "/"));
      }
    }
    return files;
  }

  private static List<StoredFiles.Listed> found(String path) throws IOException {
    if (StoredFiles.exists(path)) {
      return List.of(StoredFiles.stat(path));
    }
    if (!path.matches(".*[*?\\[].*")) {
      throw new DataException(path + " does not exist; correct the path");
    }
    List<StoredFiles.Listed> files = StoredFiles.matching(path);
    if (files.isEmpty()) {
      throw new DataException(path + ": no file fits this pattern; correct it");
    }
    return files;
  }

  private static PackedFile look(StoredFiles.Listed file, String prefix) throws IOException {
    String index = RecordIo.index(file.uri());
    boolean indexed = StoredFiles.exists(index);
    String stamp = indexed ? ImageFolder.stamp(StoredFiles.stat(index)) : "";
    PackedFile unknown =
        new PackedFile(
            file.uri(),
            ImageFolder.stamp(file),
            file.size(),
            indexed ? index : "",
            stamp,
            prefix,
            0);
    try (Opened opened = open(unknown)) {
      double records = RecordIo.check(opened.rec(), opened.idx()) * file.size() / MEBIBYTE;
      return new PackedFile(
          unknown.uri(),
          unknown.stamp(),
          unknown.size(),
          unknown.index(),
          unknown.indexStamp(),
          prefix,
          Math.max(1, Math.round(records)));
    }
  }

  /** A file and its index, open. */
  record Opened(RecordIo.File rec, Optional<RecordIo.File> idx) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      rec.channel().close();
      if (idx.isPresent()) {
        idx.get().channel().close();
      }
    }
  }

  /**
   * Opens a file and its index.
   *
   * @throws DataException if one is gone
   */
  static Opened open(PackedFile file) throws IOException {
    try {
      SeekableByteChannel rec = StoredFiles.seekable(file.uri());
      try {
        Optional<RecordIo.File> idx =
            file.isIndexed()
                ? Optional.of(new RecordIo.File(file.index(), StoredFiles.seekable(file.index())))
                : Optional.empty();
        return new Opened(new RecordIo.File(file.uri(), rec), idx);
      } catch (IOException e) {
        rec.close();
        throw e;
      }
    } catch (FileNotFoundException e) {
      throw new DataException(
          "%s or its index is gone; every worker needs them under the same path"
              .formatted(file.uri()),
          e);
    }
  }
}
