package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.NewArray;

/**
 * Relational distillation: distances and angles between embeddings follow the teacher's.
 *
 * <p>{@code distance = smoothL1(d_S / mean(d_S), d_T / mean(d_T))} over B^2 pairs, {@code angle =
 * smoothL1(cos_S(j, i, k), cos_T(j, i, k))} over B^3 triples, the angle at i; both means, s (B, d),
 * t (B, d').
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "rkd",
    version = 1,
    summary = "distances and angles between the embeddings of a batch follow the teacher's",
    source = "Park et al., CVPR 2019; code of HobbitLong/RepDistiller, duplicates left out")
public final class Rkd implements DistillationMethod<Rkd.Options> {
  /** Two rows nearer than this are duplicates, whose distance is left out. */
  private static final double SMALLEST_DISTANCE = 1e-5;

  /** A difference shorter than this has no direction; angles that use it are left out. */
  private static final double SMALLEST_DIFFERENCE = 1e-6;

  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the distance term",
              range = "[0, inf)",
              defaultValue = "25",
              source = "Park et al. 2019; RepDistiller, distiller_zoo/RKD.py")
          double distanceWeight,
      @Description(
              value = "weight of the angle term",
              range = "[0, inf)",
              defaultValue = "50",
              source = "Park et al. 2019; RepDistiller, distiller_zoo/RKD.py")
          double angleWeight,
      @Description(
              value =
                  "how many samples of a batch, the first ones, are compared; memory grows with the cube",
              range = "[2, 1024]",
              defaultValue = "256")
          int relationBatch,
      @IdentityWeight double identityWeight)
      implements IdentityTerm {}

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return MethodSession.of(
        inputs -> {
          Relations relations =
              relations(
                  first(inputs.student().embedding(), options.relationBatch()),
                  first(inputs.teacher().embedding(), options.relationBatch()));
          return new TermLosses()
              .add("distance", options.distanceWeight(), relations.distanceLoss())
              .add("angle", options.angleWeight(), relations.angleLoss());
        });
  }

  private static NDArray first(NDArray rows, int count) {
    return rows.getShape().get(0) <= count ? rows : rows.get(":{}", count);
  }

  /**
   * Compares the relations within a batch.
   *
   * @param student {@code (B, d)}
   * @param teacher {@code (B, d')}, taken as a constant
   */
  public static Relations relations(NDArray student, NDArray teacher) {
    MatchingShapes.requireBatch(student, teacher);
    return new Relations(Differences.of(student), Differences.of(teacher.stopGradient()));
  }

  /** The relations of one batch on both sides. */
  public static final class Relations {
    private final Differences student;
    private final Differences teacher;
    private final NDArray diagonal;

    private Relations(Differences student, Differences teacher) {
      this.student = student;
      this.teacher = teacher;
      NDArray lengths = student.lengths;
      int batch = (int) lengths.getShape().get(0);
      diagonal = NewArray.eye(lengths, batch);
    }

    /**
     * Smooth L1 of distances divided by their mean, mean over B^2 pairs, each sample with itself
     * included; pairs of duplicates on either side are left out.
     *
     * @return a scalar
     */
    public NDArray distanceLoss() {
      NDArray ofStudent = student.atLeast(SMALLEST_DISTANCE);
      NDArray ofTeacher = teacher.atLeast(SMALLEST_DISTANCE);
      NDArray compared = ofStudent.mul(ofTeacher).add(diagonal);
      NDArray difference =
          student.relativeDistances(ofStudent).sub(teacher.relativeDistances(ofTeacher));
      return mean(smooth(difference), compared);
    }

    /**
     * Smooth L1 of the cosines of angles at each sample between two others, mean over B^3 triples,
     * degenerate ones included as zeros; triples that use a duplicate on either side are left out.
     *
     * @return a scalar
     */
    public NDArray angleLoss() {
      NDArray usable =
          student.atLeast(SMALLEST_DIFFERENCE).mul(teacher.atLeast(SMALLEST_DIFFERENCE));
      NDArray difference = student.angles(usable).sub(teacher.angles(usable));
      NDArray compared = usable.add(diagonal);
      return mean(smooth(difference), compared.expandDims(2).mul(compared.expandDims(1)));
    }

    private static NDArray smooth(NDArray difference) {
      NDArray size = difference.abs();
      NDArray small = size.minimum(1f);
      return small.mul(size.sub(small.mul(0.5f)));
    }

    private static NDArray mean(NDArray values, NDArray mask) {
      return values.mul(mask).sum().div(mask.sum());
    }
  }

  /**
   * Differences of all pairs of rows, computed directly: through inner products, equal rows would
   * not come out equal.
   */
  private static final class Differences {
    private final NDArray vectors;
    private final NDArray lengths;

    private Differences(NDArray vectors, NDArray lengths) {
      this.vectors = vectors;
      this.lengths = lengths;
    }

    /** Of {@code (B, d)}: vectors {@code (B, B, d)} from row i to row j, lengths {@code (B, B)}. */
    static Differences of(NDArray rows) {
      NDArray vectors = rows.expandDims(0).sub(rows.expandDims(1));
      NDArray squares = vectors.square().sum(new int[] {-1});
      NDArray present = squares.gt(0).toType(DataType.FLOAT32, false);
      NDArray lengths = squares.add(present.neg().add(1)).sqrt().mul(present);
      return new Differences(vectors, lengths);
    }

    /** 1 where a difference is at least that long, else 0; the diagonal is 0. */
    NDArray atLeast(double length) {
      return lengths.stopGradient().gte(length).toType(DataType.FLOAT32, false);
    }

    /** Lengths divided by the mean of the masked ones. */
    NDArray relativeDistances(NDArray mask) {
      NDArray count = mask.sum().maximum(1f);
      NDArray mean = lengths.mul(mask).sum().div(count);
      NDArray none = mask.sum().eq(0).toType(DataType.FLOAT32, false);
      return lengths.mul(mask).div(mean.add(none));
    }

    /** Cosines {@code (B, B, B)} between the masked differences from one row. */
    NDArray angles(NDArray mask) {
      NDArray safe = lengths.mul(mask).add(mask.neg().add(1));
      NDArray directions = vectors.mul(mask.div(safe).expandDims(2));
      return directions.matMul(directions.transpose(0, 2, 1));
    }
  }
}
