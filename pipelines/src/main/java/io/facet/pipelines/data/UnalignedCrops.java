package io.facet.pipelines.data;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.FaceTemplate;
import io.facet.models.face.SeveralFaces;
import io.facet.models.option.RecordBinder;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.recipe.DataRecipe;
import io.facet.pipelines.stage.Faces;
import io.facet.transforms.embed.FaceFiles;
import io.facet.transforms.file.LocalCopies;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Sources whose pictures are taken for aligned crops and are photographs of that size: their faces
 * do not stand where the template has them. The recipe's detector looks at some crops of each
 * source, drawn by the images' digests; a crop is no such if aligning it would move its frame.
 */
final class UnalignedCrops {
  /** Crops of a source that are looked at. */
  private static final int LOOKED_AT = 100;

  /** Detectors that look at no image. */
  private static final Set<String> BLIND = Set.of("none", "given");

  /** Columns of table {@code faces}. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Place(String imageId, float[] transform) {}

  /** Whether a face was found on a crop, and whether it stands elsewhere. */
  private enum Verdict {
    NO_FACE,
    IN_PLACE,
    ELSEWHERE
  }

  /**
   * What was found.
   *
   * @param rows by source: those of which a crop was looked at
   * @param unseen why crops that are there were not looked at; empty if they were, or there are
   *     none
   */
  record Found(List<Rows.UnalignedCrops> rows, String unseen) {}

  private UnalignedCrops() {}

  /**
   * Looks at crops.
   *
   * @param ingest with the samples, and the place of the recipe's files
   * @param align with the faces, and the recipe's detector
   */
  static Found find(Artifact ingest, Artifact align) {
    Map<String, TreeSet<String>> chosen = chosen(ingest, asTheyStand(align));
    if (chosen.isEmpty()) {
      return new Found(List.of(), "");
    }
    try {
      AlignOptions options = options(ingest, align);
      if (BLIND.contains(options.detector().key())) {
        return new Found(
            List.of(), "align.detector is %s: name one".formatted(options.detector().key()));
      }
      try (FaceAligner aligner = FaceAligner.open(options)) {
        return new Found(rows(chosen, judged(Faces.of(ingest, align), chosen, aligner)), "");
      }
    } catch (DataException | RecipeException e) {
      return new Found(List.of(), "the detector cannot be opened: " + e.getMessage());
    }
  }

  private static AlignOptions options(Artifact ingest, Artifact align) {
    DataRecipe data = RecordBinder.bind(DataRecipe.class, ingest.manifest().recipe());
    return RecordBinder.bind(AlignOptions.class, align.manifest().recipe())
        .withFiles(data::resolve)
        .withFiles(LocalCopies::of)
        .with(SeveralFaces.LARGEST_CENTRAL)
        .with(0.0);
  }

  /** Images that are crops, of large tables a sample. */
  private static Set<String> asTheyStand(Artifact align) {
    double share = AlignedTwice.share(align);
    Set<String> images = new HashSet<>();
    try (ParquetTable.Rows<Place> rows = ParquetTable.read(Place.class, align.tableUris("faces"))) {
      for (Place row : rows) {
        if (AlignedTwice.asItStands(row.transform()) && AlignedTwice.drawn(row.imageId(), share)) {
          images.add(row.imageId());
        }
      }
    }
    return images;
  }

  private static Map<String, TreeSet<String>> chosen(Artifact ingest, Set<String> crops) {
    Map<String, TreeSet<String>> chosen = new TreeMap<>();
    if (crops.isEmpty()) {
      return chosen;
    }
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        if (crops.contains(row.imageId())) {
          TreeSet<String> own = chosen.computeIfAbsent(row.source(), source -> new TreeSet<>());
          own.add(row.imageId());
          if (own.size() > LOOKED_AT) {
            own.pollLast();
          }
        }
      }
    }
    return chosen;
  }

  private static Map<String, Verdict> judged(
      FaceFiles faces, Map<String, TreeSet<String>> chosen, FaceAligner aligner) {
    Set<String> wanted = new HashSet<>();
    chosen.values().forEach(wanted::addAll);
    Map<String, Verdict> verdicts = new HashMap<>();
    faces.read(
        face -> wanted.contains(face.imageId()),
        (face, crop) -> verdicts.put(face.imageId(), verdict(crop.crop(), aligner)));
    return verdicts;
  }

  private static Verdict verdict(byte[] crop, FaceAligner aligner) {
    if (!(aligner.align(crop) instanceof Aligned face)) {
      return Verdict.NO_FACE;
    }
    return moved(face, aligner.options().template()) > AlignedTwice.NEAR
        ? Verdict.ELSEWHERE
        : Verdict.IN_PLACE;
  }

  /** How far aligning it would move the farthest corner of a crop, in sides of the crop. */
  static double moved(Aligned face, FaceTemplate template) {
    return AlignedTwice.corners(face.transform(), template.width(), template.height(), template);
  }

  private static List<Rows.UnalignedCrops> rows(
      Map<String, TreeSet<String>> chosen, Map<String, Verdict> verdicts) {
    List<Rows.UnalignedCrops> rows = new ArrayList<>();
    chosen.forEach(
        (source, images) -> {
          List<Verdict> own = images.stream().map(verdicts::get).toList();
          long faces = own.stream().filter(one -> one != Verdict.NO_FACE).count();
          long elsewhere = own.stream().filter(one -> one == Verdict.ELSEWHERE).count();
          rows.add(new Rows.UnalignedCrops(source, own.size(), faces, elsewhere));
        });
    return rows;
  }
}
