package io.facet.transforms.embed;

import io.facet.models.frozen.FrozenModel;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.FeatureRow;
import java.io.IOException;
import java.util.List;

/** A loaded teacher, one batch at a time. */
interface FaceOutputs extends AutoCloseable {
  /** Crops of one forward pass; the last batch is padded, since bits depend on the batch size. */
  int BATCH = 32;

  /** The rows of up to {@link #BATCH} faces in one view: the embedding and the taps asked for. */
  List<FeatureRow> features(List<FaceRow> faces, boolean mirrored);

  @Override
  void close();

  /** Loads a teacher's network or frozen model. */
  static FaceOutputs open(TeacherModel teacher) throws IOException {
    byte[] bytes = StoredFiles.read(teacher.uri());
    return FrozenModel.isFrozen(bytes)
        ? new FrozenTeacher(teacher, FrozenModel.read(bytes, teacher.uri()))
        : new TeacherNetwork(teacher, bytes);
  }
}
