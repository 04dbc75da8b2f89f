package io.facet.pipelines.data;

import io.facet.models.face.FaceTemplate;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sources whose pictures are aligned faces already, while faces are looked for and aligned on them:
 * each is then warped a second time, which blurs it. Such a picture is known by its frame, which
 * the alignment leaves where it is. Of large tables a sample is judged, drawn by the images'
 * digests.
 */
final class AlignedTwice {
  /**
   * Largest distance, in sides of the crop, of a picture's corner from that of the crop. Of 60
   * photographs of LFW it is at least 0.46 by YuNet's landmarks, of the aligned faces made of them
   * at most 0.16.
   */
  static final double NEAR = 0.2;

  /** Faces that are judged, about. */
  private static final int SAMPLE = 20_000;

  private static final int DIGITS = 8;
  private static final double DRAWN_FROM = Math.pow(16, DIGITS);

  /** Columns of table {@code faces}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Face(String imageId, float[] transform) {}

  /** Columns of table {@code images}. */
  private record Size(String imageId, int width, int height) {}

  private static final class Count {
    private long judged;
    private long twice;
  }

  private AlignedTwice() {}

  /**
   * What was found, by source: those of which a face was judged.
   *
   * @param ingest with the samples and images
   * @param align with the faces
   */
  static List<Rows.AlignedTwice> find(Artifact ingest, Artifact align) {
    FaceTemplate template = template(align.manifest());
    double share = share(align);
    Map<String, Size> sizes = new HashMap<>();
    try (ParquetTable.Rows<Size> rows = ParquetTable.read(Size.class, ingest.tableUris("images"))) {
      for (Size row : rows) {
        if (drawn(row.imageId(), share)) {
          sizes.put(row.imageId(), row);
        }
      }
    }
    Map<String, Boolean> judged = new HashMap<>();
    try (ParquetTable.Rows<Face> rows = ParquetTable.read(Face.class, align.tableUris("faces"))) {
      for (Face row : rows) {
        Size size = sizes.get(row.imageId());
        if (size != null) {
          judged.put(row.imageId(), is(row.transform(), size.width(), size.height(), template));
        }
      }
    }
    return counted(ingest, judged);
  }

  private static FaceTemplate template(Manifest align) {
    String key = align.recipe().path("template").asText();
    return Arrays.stream(FaceTemplate.values())
        .filter(template -> template.key().equals(key))
        .findFirst()
        .orElse(FaceTemplate.ARCFACE_112);
  }

  private static List<Rows.AlignedTwice> counted(Artifact ingest, Map<String, Boolean> judged) {
    Map<String, Count> counts = new TreeMap<>();
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        Boolean twice = judged.get(row.imageId());
        if (twice != null) {
          Count count = counts.computeIfAbsent(row.source(), source -> new Count());
          count.judged++;
          count.twice += twice ? 1 : 0;
        }
      }
    }
    List<Rows.AlignedTwice> found = new ArrayList<>();
    counts.forEach((source, c) -> found.add(new Rows.AlignedTwice(source, c.judged, c.twice)));
    return found;
  }

  /** Share of the images that is looked at. */
  static double share(Artifact align) {
    long faces = align.manifest().table("faces").map(Manifest.Table::rows).orElse(0L);
    return (double) SAMPLE / Math.max(1, faces);
  }

  /** Whether an image belongs to a share of all. */
  static boolean drawn(String imageId, double share) {
    return share >= 1 || Long.parseLong(imageId.substring(0, DIGITS), 16) < share * DRAWN_FROM;
  }

  /**
   * Whether a face was aligned that had been before; one that was taken as it stands was not.
   *
   * @param transform image to crop, row by row {@code [a, -b, tx, b, a, ty]}
   * @param width of the image
   * @param height of the image
   */
  static boolean is(float[] transform, int width, int height, FaceTemplate template) {
    return !asItStands(transform) && corners(transform, width, height, template) < NEAR;
  }

  /** Whether an image was taken as its crop. */
  static boolean asItStands(float[] transform) {
    return transform[0] == 1 && transform[1] == 0 && transform[2] == 0;
  }

  /** The farthest that a corner of the image lies from that of the crop, in sides of the crop. */
  static double corners(float[] transform, int width, int height, FaceTemplate template) {
    double farthest = 0;
    for (int corner = 0; corner < 4; corner++) {
      double right = corner % 2;
      double below = corner / 2;
      double x = right * width;
      double y = below * height;
      double dx = transform[0] * x + transform[1] * y + transform[2] - right * template.width();
      double dy = transform[3] * x + transform[4] * y + transform[5] - below * template.height();
      farthest = Math.max(farthest, Math.hypot(dx, dy) / template.width());
    }
    return farthest;
  }
}
