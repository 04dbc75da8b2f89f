package io.facet.pipelines.cli;

import io.facet.pipelines.artifact.FileDigests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Every byte of a store: files as they are, and what is in the columns of Parquet files. */
final class StoreBytes {
  private StoreBytes() {}

  /** Files that hold one of some byte strings, packed or not. */
  static List<String> holding(Path store, List<byte[]> needles) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files(store)) {
      for (byte[] needle : needles) {
        String what = store.relativize(file) + " holds " + text(needle);
        if (contains(Files.readAllBytes(file), needle)) {
          found.add(what);
        }
        for (byte[] cell : isParquet(file) ? binaries(file) : List.<byte[]>of()) {
          if (contains(cell, needle)) {
            found.add(what);
            break;
          }
        }
      }
    }
    return found;
  }

  private static String text(byte[] needle) {
    return needle.length <= 64 ? new String(needle, StandardCharsets.UTF_8) : "an image";
  }

  /** Values of a text column in all artifacts of a stage. */
  static List<String> cells(Path store, String stage, String table, String column)
      throws IOException {
    List<String> cells = new ArrayList<>();
    for (Path file : files(store.resolve(stage))) {
      if (isParquet(file) && file.getParent().endsWith(table)) {
        try (ParquetReader<Group> reader = new Builder(file).build()) {
          for (Group row = reader.read(); row != null; row = reader.read()) {
            cells.add(row.getString(column, 0));
          }
        }
      }
    }
    return cells;
  }

  /** Stands for the content of all files. */
  static String digest(Path store) throws IOException {
    StringBuilder all = new StringBuilder();
    for (Path file : files(store)) {
      if (!file.endsWith("verified.json")) {
        all.append(store.relativize(file)).append(FileDigests.sha256(Files.readAllBytes(file)));
      }
    }
    return FileDigests.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static boolean isParquet(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return bytes.length > 4 && new String(bytes, 0, 4, StandardCharsets.US_ASCII).equals("PAR1");
  }

  private static List<byte[]> binaries(Path file) throws IOException {
    List<byte[]> cells = new ArrayList<>();
    try (ParquetReader<Group> reader = new Builder(file).build()) {
      for (Group row = reader.read(); row != null; row = reader.read()) {
        for (int i = 0; i < row.getType().getFieldCount(); i++) {
          if (row.getType().getType(i).isPrimitive()
              && row.getType().getType(i).asPrimitiveType().getPrimitiveTypeName()
                  == PrimitiveTypeName.BINARY) {
            cells.add(row.getBinary(i, 0).getBytes());
          }
        }
      }
    }
    return cells;
  }

  private static boolean contains(byte[] bytes, byte[] needle) {
    for (int at = 0; at + needle.length <= bytes.length; at++) {
      int same = 0;
      while (same < needle.length && bytes[at + same] == needle[same]) {
        same++;
      }
      if (same == needle.length) {
        return true;
      }
    }
    return false;
  }

  private static final class Builder extends ParquetReader.Builder<Group> {
    Builder(Path file) {
      super(new LocalInputFile(file), new PlainParquetConfiguration());
    }

    @Override
    protected ReadSupport<Group> getReadSupport() {
      return new GroupReadSupport();
    }
  }
}
