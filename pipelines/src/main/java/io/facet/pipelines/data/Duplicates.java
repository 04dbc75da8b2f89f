package io.facet.pipelines.data;

import io.facet.models.face.ImageDecoder;
import io.facet.models.face.ImageException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The same picture several times: the same bytes under several names, or pictures or aligned faces
 * that are alike to the eye. Only faces, names and hashes are read, and only those of groups are
 * kept.
 */
final class Duplicates {
  /** Columns of table {@code faces}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Crop(int faceIndex, byte[] crop) {}

  /** Columns of table {@code images}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Picture(byte[] bytes) {}

  /** The column that tables {@code images}, {@code faces} and {@code samples} share. */
  private record Image(String imageId) {}

  private Duplicates() {}

  /**
   * All groups.
   *
   * @param ingest with the samples
   * @param align with the faces of the same images
   */
  static List<Rows.Duplicate> find(Artifact ingest, Artifact align) {
    List<Set<String>> groups = groups(ingest, align);
    Map<String, Integer> groupOf = new HashMap<>();
    for (int i = 0; i < groups.size(); i++) {
      for (String image : groups.get(i)) {
        groupOf.put(image, i);
      }
    }
    for (String image : repeated(ingest)) {
      groupOf.putIfAbsent(image, groupOf.size() + groups.size());
    }
    return rows(members(ingest, groupOf));
  }

  /**
   * By whole pictures, and by faces that were cut out of them: a picture that was cut to another
   * size has the same face. Each file is read twice, in the same order: for hashes, then for names.
   */
  private static List<Set<String>> groups(Artifact ingest, Artifact align) {
    NearFaces near = new NearFaces();
    Set<Integer> broken = new HashSet<>();
    BitSet cutOut = new BitSet(); // rows of table faces
    try (ParquetTable.Rows<Picture> images =
            ParquetTable.read(Picture.class, ingest.tableUris("images"));
        ParquetTable.Rows<Crop> faces = ParquetTable.read(Crop.class, align.tableUris("faces"))) {
      images.forEach(row -> near.add(hash(row.bytes(), near.size(), broken)));
      int row = 0;
      for (Crop face : faces) {
        if (face.faceIndex() == 0 && face.crop().length > 0) {
          cutOut.set(row);
          near.add(hash(face.crop(), near.size(), broken));
        }
        row++;
      }
    }
    Map<Integer, Set<String>> groupOf = new HashMap<>();
    List<Set<String>> groups = new ArrayList<>();
    for (List<Integer> group : near.groups()) {
      List<Integer> whole = group.stream().filter(number -> !broken.contains(number)).toList();
      if (whole.size() > 1) {
        Set<String> images = new TreeSet<>();
        groups.add(images);
        whole.forEach(number -> groupOf.put(number, images));
      }
    }
    int number = 0;
    try (ParquetTable.Rows<Image> images =
            ParquetTable.read(Image.class, ingest.tableUris("images"));
        ParquetTable.Rows<Image> faces = ParquetTable.read(Image.class, align.tableUris("faces"))) {
      for (Image row : images) {
        name(groupOf.get(number++), row.imageId());
      }
      int row = 0;
      for (Image face : faces) {
        if (cutOut.get(row++)) {
          name(groupOf.get(number++), face.imageId());
        }
      }
    }
    groups.removeIf(images -> images.size() < 2); // a picture and its own face
    return merged(groups);
  }

  private static void name(Set<String> group, String imageId) {
    if (group != null) {
      group.add(imageId);
    }
  }

  /** A picture that cannot be decoded is like no other; align rejects it. */
  private static FaceHash hash(byte[] encoded, int number, Set<Integer> broken) {
    try {
      return FaceHash.of(ImageDecoder.decode(encoded));
    } catch (ImageException e) {
      broken.add(number);
      return new FaceHash(0, new long[FaceHash.FINE_WORDS]);
    }
  }

  private static List<Set<String>> merged(List<Set<String>> groups) {
    List<Set<String>> merged = new ArrayList<>();
    Map<String, Set<String>> groupOf = new HashMap<>();
    for (Set<String> group : groups) {
      Set<String> whole = new TreeSet<>(group);
      for (String image : group) {
        Set<String> other = groupOf.get(image);
        if (other != null) {
          merged.remove(other);
          whole.addAll(other);
        }
      }
      merged.add(whole);
      whole.forEach(image -> groupOf.put(image, whole));
    }
    return merged;
  }

  /** Images with several names; eight bytes an image are held to find them. */
  private static Set<String> repeated(Artifact ingest) {
    long[] heads = new long[1024];
    int count = 0;
    try (ParquetTable.Rows<Image> rows =
        ParquetTable.read(Image.class, ingest.tableUris("samples"))) {
      for (Image row : rows) {
        heads = count == heads.length ? Arrays.copyOf(heads, 2 * count) : heads;
        heads[count++] = head(row.imageId());
      }
    }
    heads = Arrays.copyOf(heads, count);
    Arrays.sort(heads);
    Set<Long> several = new HashSet<>();
    for (int i = 1; i < count; i++) {
      if (heads[i] == heads[i - 1]) {
        several.add(heads[i]);
      }
    }
    Map<String, Integer> counts = new TreeMap<>();
    if (!several.isEmpty()) {
      try (ParquetTable.Rows<Image> rows =
          ParquetTable.read(Image.class, ingest.tableUris("samples"))) {
        for (Image row : rows) {
          if (several.contains(head(row.imageId()))) {
            counts.merge(row.imageId(), 1, Integer::sum);
          }
        }
      }
    }
    counts.values().removeIf(names -> names < 2);
    return counts.keySet();
  }

  private static long head(String imageId) {
    return Long.parseUnsignedLong(imageId, 0, Long.BYTES * 2, 16);
  }

  private static Map<Integer, List<SampleRow>> members(
      Artifact ingest, Map<String, Integer> groupOf) {
    Map<Integer, List<SampleRow>> members = new TreeMap<>();
    if (groupOf.isEmpty()) {
      return members;
    }
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        Integer group = groupOf.get(row.imageId());
        if (group != null) {
          members.computeIfAbsent(group, g -> new ArrayList<>()).add(row);
        }
      }
    }
    return members;
  }

  private static List<Rows.Duplicate> rows(Map<Integer, List<SampleRow>> members) {
    List<Rows.Duplicate> rows = new ArrayList<>();
    int number = 0;
    for (List<SampleRow> group : members.values()) {
      if (group.size() < 2) {
        continue; // left out of the samples since, as an image that training shares with a set
      }
      Set<String> people = new HashSet<>();
      Map<String, Integer> images = new HashMap<>();
      boolean learnt = false;
      boolean measured = false;
      for (SampleRow sample : group) {
        people.add(sample.identity());
        images.merge(sample.imageId(), 1, Integer::sum);
        boolean training =
            sample.split().equals(SampleRow.TRAIN) || sample.split().equals(SampleRow.VALIDATION);
        learnt |= training;
        measured |= !training;
      }
      people.remove("");
      group.sort(
          Comparator.comparing(SampleRow::split)
              .thenComparing(SampleRow::source)
              .thenComparing(SampleRow::name));
      for (SampleRow sample : group) {
        rows.add(
            new Rows.Duplicate(
                number,
                images.get(sample.imageId()) > 1,
                people.size() > 1,
                learnt && measured,
                sample.imageId(),
                sample.source(),
                sample.name(),
                sample.identity(),
                sample.split()));
      }
      number++;
    }
    return rows;
  }
}
