package io.facet.pipelines.data;

import io.facet.models.embed.AnyEmbedder;
import io.facet.models.embed.Embedder;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.tensor.SeededHash;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.stage.Faces;
import io.facet.pipelines.stage.ModelAttachment;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sources whose pictures have red and blue exchanged: a teacher that tells their people apart
 * better when both are exchanged once more says so. Of each source a few people are judged, drawn
 * by their names.
 *
 * <p>Apart are {@code (mean of same - mean of different) / sqrt((variance of same + variance of
 * different) / 2)} of the cosines of all pairs.
 */
final class ColourOrder {
  /** People of a source, and faces of each. */
  private static final int PEOPLE = 32;

  private static final int FACES = 4;

  /** With fewer people chance decides. */
  private static final int FEWEST = 16;

  private static final int BATCH = 32;

  /** A face of somebody. */
  record Labelled(String identity, Pixels crop) {}

  private ColourOrder() {}

  /**
   * What was found, by source: those with enough labelled people in training.
   *
   * @param ingest with the samples
   * @param align with the faces
   * @param teacher with a model
   */
  static List<Rows.ColourOrder> find(Artifact ingest, Artifact align, Artifact teacher) {
    Map<String, Map<String, String>> wanted = wanted(ingest);
    if (wanted.isEmpty()) {
      return List.of();
    }
    Map<String, Pixels> crops = new HashMap<>();
    wanted.values().forEach(images -> images.keySet().forEach(image -> crops.put(image, null)));
    Faces.of(ingest, align)
        .read(
            face -> face.faceIndex() == 0 && crops.containsKey(face.imageId()),
            (face, crop) -> crops.put(face.imageId(), ImageDecoder.decode(crop.crop())));
    List<Rows.ColourOrder> found = new ArrayList<>();
    try (Embedder embedder =
        AnyEmbedder.open(ModelAttachment.bytes(teacher), teacher.manifest().instance(), BATCH, 1)) {
      wanted.forEach(
          (source, images) -> {
            List<Labelled> faces = new ArrayList<>();
            images.forEach(
                (image, identity) -> {
                  if (crops.get(image) != null) {
                    faces.add(new Labelled(identity, crops.get(image)));
                  }
                });
            if (faces.stream().map(Labelled::identity).distinct().count() >= FEWEST) {
              found.add(judge(source, faces, embedder));
            }
          });
    }
    return found;
  }

  /** Image and person of the faces to judge, by source. */
  private static Map<String, Map<String, String>> wanted(Artifact ingest) {
    Map<String, Map<String, List<String>>> images = new TreeMap<>();
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        if (row.split().equals(SampleRow.TRAIN) && !row.identity().isEmpty()) {
          List<String> own =
              images
                  .computeIfAbsent(row.source(), source -> new HashMap<>())
                  .computeIfAbsent(row.identity(), identity -> new ArrayList<>());
          if (own.size() < FACES && !own.contains(row.imageId())) {
            own.add(row.imageId());
          }
        }
      }
    }
    Map<String, Map<String, String>> wanted = new TreeMap<>();
    images.forEach(
        (source, people) -> {
          Map<String, String> chosen = new TreeMap<>();
          people.entrySet().stream()
              .filter(person -> person.getValue().size() == FACES)
              .sorted(
                  Comparator.comparingLong(
                      (Map.Entry<String, List<String>> person) -> SeededHash.of(person.getKey())))
              .limit(PEOPLE)
              .forEach(person -> person.getValue().forEach(id -> chosen.put(id, person.getKey())));
          if (chosen.size() >= FEWEST * FACES) {
            wanted.put(source, chosen);
          }
        });
    return wanted;
  }

  /** How well the embedder tells these people apart in both orders. */
  static Rows.ColourOrder judge(String source, List<Labelled> faces, Embedder embedder) {
    List<Pixels> given = faces.stream().map(Labelled::crop).toList();
    List<String> people = faces.stream().map(Labelled::identity).toList();
    return new Rows.ColourOrder(
        source,
        people.stream().distinct().count(),
        faces.size(),
        apart(people, embedder.embed(given)),
        apart(people, embedder.embed(given.stream().map(ColourOrder::exchanged).toList())));
  }

  /** Red and blue exchanged. */
  static Pixels exchanged(Pixels crop) {
    byte[] turned = crop.bgr().clone();
    for (int i = 0; i < turned.length; i += 3) {
      turned[i] = crop.bgr()[i + 2];
      turned[i + 2] = crop.bgr()[i];
    }
    return new Pixels(crop.width(), crop.height(), turned);
  }

  private static double apart(List<String> people, float[][] rows) {
    Sums same = new Sums();
    Sums different = new Sums();
    float[][] units = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      units[i] = EmbeddingMath.normalise(rows[i]);
      for (int j = 0; j < i; j++) {
        boolean one = people.get(i).equals(people.get(j));
        (one ? same : different).add(EmbeddingMath.dot(units[i], units[j]));
      }
    }
    return (same.mean() - different.mean())
        / Math.sqrt((same.variance() + different.variance()) / 2);
  }

  private static final class Sums {
    private int count;
    private double total;
    private double squares;

    void add(double value) {
      count++;
      total += value;
      squares += value * value;
    }

    double mean() {
      return total / count;
    }

    double variance() {
      return squares / count - mean() * mean();
    }
  }
}
