package io.facet.pipelines.stage;

import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.embed.FaceFiles;
import java.util.Set;

/** Where the aligned faces of a run lie: in two tables of two stages. */
public final class Faces {
  private Faces() {}

  /**
   * All faces.
   *
   * @param ingest with the images
   * @param align with the faces of these
   */
  public static FaceFiles of(Artifact ingest, Artifact align) {
    return new FaceFiles(align.tableUris("faces"), ingest.tableUris("images"));
  }

  /** Files that may have faces of some splits. */
  static FaceFiles of(Artifact ingest, Artifact align, Set<String> splits) {
    return new FaceFiles(align.tableUris("faces", splits), ingest.tableUris("images", splits));
  }
}
