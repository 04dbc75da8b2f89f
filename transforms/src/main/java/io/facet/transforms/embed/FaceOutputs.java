package io.facet.transforms.embed;

import io.facet.models.DataException;
import io.facet.models.embed.AnyEmbedder;
import io.facet.models.embed.FrozenModel;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.FeatureRow;
import java.io.IOException;
import java.util.List;

/**
 * A loaded teacher, one batch at a time; a batch with less faces is padded, since bits depend on
 * the batch size.
 */
interface FaceOutputs extends AutoCloseable {
  /**
   * Of a run on ONNX Runtime; workers run side by side, and bits must not depend on the machine.
   */
  int THREADS = 1;

  /**
   * The rows of up to {@link FaceBatches#SIZE} faces in one view: the embedding and the taps asked
   * for.
   */
  List<FeatureRow> features(List<FaceCrop> faces, boolean mirrored);

  @Override
  void close();

  /** Loads a teacher's network or frozen model. */
  static FaceOutputs open(TeacherModel teacher) throws IOException {
    byte[] bytes = StoredFiles.read(teacher.uri());
    if (teacher.taps().isEmpty() && teacher.promptTokens() == 0) {
      return new EmbeddingTeacher(
          AnyEmbedder.open(bytes, teacher.uri(), FlipFusion.NONE, FaceBatches.SIZE, THREADS),
          teacher.type());
    }
    if (FrozenModel.isFrozen(bytes)) {
      throw new DataException(
          "%s gives embeddings only: no prompts and no %s"
              .formatted(teacher.uri(), String.join(", ", teacher.taps())));
    }
    return new TeacherNetwork(teacher, bytes);
  }
}
