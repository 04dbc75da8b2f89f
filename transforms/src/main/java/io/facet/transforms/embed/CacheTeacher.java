package io.facet.transforms.embed;

import io.facet.models.DataException;
import io.facet.models.train.teacher.FeatureType;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.FeatureRow;
import io.facet.transforms.shared.SharedModels;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Computes a constant teacher's outputs once: for each face, plain and mirrored, the raw embedding
 * and the taps that methods read. An output that is not finite fails the pipeline with a {@link
 * DataException} that names teacher and face.
 */
public final class CacheTeacher extends PTransform<PCollection<FaceCrop>, PCollection<FeatureRow>> {
  private static final long serialVersionUID = 1L;

  private final TeacherModel teacher;
  private final long rows;

  private CacheTeacher(TeacherModel teacher, long rows) {
    this.teacher = teacher;
    this.rows = rows;
  }

  /**
   * Caches a teacher.
   *
   * @param rows size of the table the faces come from; decides how they are divided
   */
  public static CacheTeacher of(TeacherModel teacher, long rows) {
    return new CacheTeacher(teacher, rows);
  }

  @Override
  public PCollection<FeatureRow> expand(PCollection<FaceCrop> faces) {
    return faces
        .apply("Batches", FaceBatches.forRows(rows))
        .apply("Forward", ParDo.of(new ForwardFn(teacher)));
  }

  private static final class ForwardFn extends DoFn<List<FaceCrop>, FeatureRow> {
    private static final long serialVersionUID = 1L;

    private final TeacherModel teacher;
    private transient FaceOutputs network;

    ForwardFn(TeacherModel teacher) {
      this.teacher = teacher;
    }

    @Setup
    public void setUp() throws Exception {
      network =
          SharedModels.acquire(
              FaceOutputs.class, teacher.toString(), () -> FaceOutputs.open(teacher));
    }

    @ProcessElement
    public void process(@Element List<FaceCrop> batch, OutputReceiver<FeatureRow> out) {
      for (boolean mirrored : new boolean[] {false, true}) {
        for (FeatureRow row : network.features(batch, mirrored)) {
          requireFinite(row);
          out.output(row);
        }
      }
    }

    private void requireFinite(FeatureRow row) {
      for (float value : FeatureRow.floats(row.shape(), row.values())) {
        if (!Float.isFinite(value)) {
          throw new DataException(
              "teacher %s gives %s as %s of face %s; check its weights file and its input (colour order, mean, standardDeviation)%s"
                  .formatted(
                      teacher.uri(),
                      value,
                      row.tap(),
                      row.faceId(),
                      teacher.type() == FeatureType.FLOAT16
                          ? ", or keep float32: float16 ends at 65,504"
                          : ""));
        }
      }
    }

    @Teardown
    public void tearDown() throws Exception {
      if (network != null) {
        network = null;
        SharedModels.release(teacher.toString());
      }
    }
  }
}
