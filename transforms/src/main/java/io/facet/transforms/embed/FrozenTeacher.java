package io.facet.transforms.embed;

import io.facet.models.DataException;
import io.facet.models.backbone.Embedder;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.frozen.FrozenModel;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.FeatureRow;
import java.util.ArrayList;
import java.util.List;

/** A frozen model as a teacher: embeddings of single views and nothing else. */
final class FrozenTeacher implements FaceOutputs {
  private final Embedder embedder;

  FrozenTeacher(TeacherModel teacher, FrozenModel model) {
    if (!teacher.taps().isEmpty() || teacher.promptTokens() > 0) {
      throw new DataException(
          "%s gives embeddings only: no prompts and no %s"
              .formatted(teacher.uri(), String.join(", ", teacher.taps())));
    }
    Preprocessing single = model.preprocessing().with(Preprocessing.FlipFusion.NONE);
    embedder = new FrozenModel(model.kind(), single, model.program()).open(teacher.uri(), BATCH, 1);
  }

  @Override
  public List<FeatureRow> features(List<FaceRow> faces, boolean mirrored) {
    List<Pixels> crops = EmbedFaces.decode(faces);
    float[][] embeddings =
        embedder.embed(mirrored ? crops.stream().map(Pixels::mirrored).toList() : crops);
    List<FeatureRow> rows = new ArrayList<>();
    for (int i = 0; i < faces.size(); i++) {
      rows.add(
          new FeatureRow(
              faces.get(i).faceId(),
              mirrored ? FeatureRow.MIRRORED : FeatureRow.PLAIN,
              FeatureRow.EMBEDDING,
              new int[] {embeddings[i].length},
              embeddings[i]));
    }
    return rows;
  }

  @Override
  public void close() {
    embedder.close();
  }
}
