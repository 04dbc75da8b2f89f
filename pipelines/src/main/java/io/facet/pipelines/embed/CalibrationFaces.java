package io.facet.pipelines.embed;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.Pixels;
import io.facet.pipelines.report.NamedFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Aligned faces of some images of this machine, drawn by seed. */
public final class CalibrationFaces {
  private CalibrationFaces() {}

  /**
   * Aligns images in an order that depends on the seed alone, until there are enough faces.
   *
   * @param images in any order without doubles
   * @param limit of faces
   * @return at most that many; images without a face are passed over
   * @throws io.facet.models.DataException if an image cannot be read, or the detector's weights are
   *     wrong
   */
  public static List<Pixels> of(List<Path> images, AlignOptions align, int limit, long seed) {
    List<Path> order = new ArrayList<>(images);
    Collections.shuffle(order, new Random(seed));
    List<Pixels> faces = new ArrayList<>();
    try (FaceAligner aligner = FaceAligner.open(align)) {
      for (Path image : order) {
        if (faces.size() == limit) {
          break;
        }
        if (aligner.align(NamedFile.read(image)) instanceof Aligned aligned) {
          faces.add(aligned.crop());
        }
      }
    }
    return faces;
  }
}
