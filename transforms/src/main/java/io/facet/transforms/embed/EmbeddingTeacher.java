package io.facet.transforms.embed;

import io.facet.models.embed.Embedder;
import io.facet.models.face.Pixels;
import io.facet.models.train.teacher.FeatureType;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.FeatureRow;
import java.util.ArrayList;
import java.util.List;

/** A teacher of which only the embeddings of single views are wanted. */
final class EmbeddingTeacher implements FaceOutputs {
  private final Embedder embedder;
  private final FeatureType type;

  /** The embedder is closed with this. */
  EmbeddingTeacher(Embedder embedder, FeatureType type) {
    this.embedder = embedder;
    this.type = type;
  }

  @Override
  public List<FeatureRow> features(List<FaceCrop> faces, boolean mirrored) {
    List<Pixels> crops = EmbedFaces.decode(faces);
    float[][] embeddings =
        embedder.embed(mirrored ? crops.stream().map(Pixels::mirrored).toList() : crops);
    List<FeatureRow> rows = new ArrayList<>();
    for (int i = 0; i < faces.size(); i++) {
      rows.add(
          FeatureRow.of(
              faces.get(i).faceId(),
              mirrored ? FeatureRow.MIRRORED : FeatureRow.PLAIN,
              FeatureRow.EMBEDDING,
              new int[] {embeddings[i].length},
              embeddings[i],
              type));
    }
    return rows;
  }

  @Override
  public void close() {
    embedder.close();
  }
}
