package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.facet.models.RecipeException;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.Weight;
import java.util.stream.LongStream;

/**
 * The last directions of each identity, of student and teacher side by side: in a full place of an
 * identity the newest takes that of the oldest. Part of every checkpoint.
 */
public final class IdentityBank extends Layer {
  private static final long MEGABYTE = 1 << 20;
  private static final float NEVER = -1e9f;

  private final int slots;
  private final Weight student;
  private final Weight teacher;

  /** Step at which a row was taken in, {@code (C n, 1)}. */
  private final Weight steps;

  /** Rows ever taken in of each identity. */
  private final double[] taken;

  /**
   * Pairs of one identity.
   *
   * @param student cosines, {@code (P)}
   * @param teacher cosines, {@code (P)}
   * @param counts 1 where the pair exists, else 0, {@code (P)}
   */
  public record Pairs(NDArray student, NDArray teacher, NDArray counts) {}

  private IdentityBank(int classes, int slots, int ofStudent, int ofTeacher) {
    this.slots = slots;
    long rows = (long) classes * slots;
    student = buffer("student", Initialiser.constant(0), rows, ofStudent);
    teacher = buffer("teacher", Initialiser.constant(0), rows, ofTeacher);
    steps = buffer("steps", Initialiser.constant(NEVER), rows, 1);
    taken = new double[classes];
  }

  /**
   * An empty bank.
   *
   * @param method key of the method, for the message
   * @param slots directions of each identity
   * @param limit of its memory, in megabytes
   * @throws RecipeException if it would need more
   */
  public static IdentityBank of(String method, int slots, int limit, MethodSetup setup) {
    long width = setup.studentEmbedding() + setup.teacherEmbedding() + 1L;
    long megabytes = (setup.classes() * slots * width * Float.BYTES + MEGABYTE - 1) / MEGABYTE;
    if (megabytes > limit) {
      throw new RecipeException(
          "method '%s': a bank of %d embeddings of each of %d identities needs %d MB, more than memoryLimitMegabytes: %d; raise it, or lower bank"
              .formatted(method, slots, setup.classes(), megabytes, limit));
    }
    return new IdentityBank(
        setup.classes(), slots, setup.studentEmbedding(), setup.teacherEmbedding());
  }

  /**
   * Each sample of the batch with the others of its identity, in the batch and in the bank.
   *
   * @param valid steps for which a row of the bank is used
   */
  public Pairs pairs(StepInputs inputs, int valid) {
    NDArray labels = inputs.labels().array();
    int batch = (int) labels.size();
    NDArray ofStudent = inputs.student().embedding();
    NDArray ofTeacher = inputs.teacher().embedding().stopGradient();
    NDArray rows = rows(labels);
    NDArray age = steps.array().get(rows).reshape(batch * slots);
    NDArray young = age.gte((float) (inputs.step() - valid)).toType(DataType.FLOAT32, false);
    NDArray same = labels.expandDims(1).eq(labels.expandDims(0)).toType(DataType.FLOAT32, false);
    NDArray others = same.sub(NewArray.eye(labels, batch));
    return new Pairs(
        joined(L2Normalise.similarities(ofStudent), cosines(ofStudent, block(student, rows))),
        joined(L2Normalise.similarities(ofTeacher), cosines(ofTeacher, block(teacher, rows))),
        others.reshape((long) batch * batch).concat(young));
  }

  private NDArray block(Weight kept, NDArray rows) {
    return kept.array().get(rows).reshape(-1, slots, kept.shape().get(1));
  }

  /** Cosines of each row and the directions in its own block, {@code (B, n)}. */
  private static NDArray cosines(NDArray rows, NDArray blocks) {
    return L2Normalise.of(rows).expandDims(1).mul(blocks).sum(new int[] {-1});
  }

  private static NDArray joined(NDArray within, NDArray kept) {
    return within.reshape(within.size()).concat(kept.reshape(kept.size()));
  }

  /** Rows of the bank that belong to the samples' identities, int64 {@code (B n)}. */
  private NDArray rows(NDArray labels) {
    long[] places = LongStream.range(0, slots).toArray();
    NDArray offsets = NewArray.of(labels, places).expandDims(0);
    NDArray rows = labels.mul(slots).expandDims(1).add(offsets);
    return rows.reshape(rows.size());
  }

  /** Takes in a batch; call it without gradients. */
  public void add(StepInputs inputs) {
    NDArray ofStudent = L2Normalise.of(inputs.student().embedding());
    NDArray ofTeacher = L2Normalise.of(inputs.teacher().embedding());
    long[] classes = inputs.labels().values();
    for (int row = 0; row < classes.length; row++) {
      int identity = (int) classes[row];
      long place = (long) identity * slots + (long) taken[identity]++ % slots;
      NDIndex to = new NDIndex("{}:{}", place, place + 1);
      NDIndex from = new NDIndex("{}:{}", row, row + 1);
      student.array().set(to, ofStudent.get(from));
      teacher.array().set(to, ofTeacher.get(from));
      steps.array().set(to, (float) inputs.step());
    }
  }

  /** Rows ever taken in of each identity, for the session to keep. */
  public double[] taken() {
    return taken.clone();
  }

  /** Sets what {@link #taken} gave; the rows come back with the buffers. */
  public void restore(double[] rows) {
    System.arraycopy(rows, 0, taken, 0, taken.length);
  }
}
