package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodNeeds.Need;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.Adapter;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.EmbeddingAdapter;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.MemoryBank;
import io.facet.models.head.FrozenHead;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TorchOps;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * QUD: among the teacher's embedding of the same face and a queue of its earlier embeddings, the
 * student's embedding must find the first. Rows of the queue that are of the same image do not
 * count against it; the reference has a queue so much smaller than its training set that none are.
 *
 * <p>{@code loss = CE([s^ t^; s^ Q^T] / temperature, 0)}; s, t: (B, d), queue Q (n, d) before this
 * batch enters.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "qud",
    version = 2,
    summary =
        "contrast of the teacher's embedding with a queue of its earlier ones, without labels",
    source = "Kolf et al., QUD, BMVC 2024; code of jankolf/QUD")
public final class Qud implements DistillationMethod<Qud.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the contrastive term",
              range = "[0, inf)",
              defaultValue = "1",
              source = "jankolf/QUD")
          double weight,
      @Description(
              value = "temperature the cosines are divided by; the code's own default is 0.07",
              range = "(0, inf)",
              defaultValue = "0.1",
              source = "QUD, BMVC 2024")
          double temperature,
      @Description(
              value =
                  "teacher embeddings in the queue; the newest take the place of the oldest, also when batches do not divide it",
              range = "[1, 10000000]",
              defaultValue = "1024",
              source = "QUD, BMVC 2024")
          int queueSize,
      @Description(
              value = "weight of the identity term beside it; 0 trains without labels",
              range = "[0, inf)",
              defaultValue = "0",
              source = "QUD, BMVC 2024: no labels, no head")
          double identityWeight,
      @Adapter AdapterOptions adapter)
      implements IdentityTerm {}

  /** Takes a row of the queue out of the softmax at any temperature. */
  private static final float OUT_OF_REACH = 1e6f;

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher().with(Need.SAME_EMBEDDING_SIZE, options.adapter().absent());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  /**
   * The loss: cross entropy of the cosines to the own teacher row (target) and the queue, mean over
   * the batch.
   *
   * @param student raw embeddings, {@code (B, d)}
   * @param teacher raw embeddings, {@code (B, d)}, taken as constants
   * @param queue unit rows before this batch enters, {@code (n, d)}
   * @param ownImage 1 where a row of the queue is of the sample's own image and so no other face, 0
   *     elsewhere, {@code (B, n)}
   * @return a scalar
   */
  public static NDArray loss(
      NDArray student, NDArray teacher, NDArray queue, NDArray ownImage, double temperature) {
    MatchingShapes.require(student, teacher);
    NDArray own = L2Normalise.cosines(student, teacher.stopGradient()).expandDims(1);
    NDArray others = FrozenHead.cosines(student, queue).sub(ownImage.mul(OUT_OF_REACH));
    NDArray logits = own.concat(others, 1).div(temperature);
    int batch = (int) student.getShape().get(0);
    return TorchOps.crossEntropy(logits, NewArray.of(student, new long[batch]));
  }

  /** Random unit rows. */
  public static float[] unitRows(Shape shape, RandomGenerator random) {
    float[] values = Initialiser.normal(1).values(shape, random);
    int width = (int) shape.get(1);
    for (int row = 0; row < values.length; row += width) {
      double squares = 0;
      for (int i = row; i < row + width; i++) {
        squares += values[i] * values[i];
      }
      for (int i = row; i < row + width; i++) {
        values[i] = (float) (values[i] / Math.sqrt(squares));
      }
    }
    return values;
  }

  /** The method at work: the queue, whose next place is in {@link #state}. */
  static final class Session extends MethodSession {
    private static final String TAKEN = "taken";

    private final Options options;
    private final EmbeddingAdapter adapter;
    private final MemoryBank queue;

    Session(Options options, MethodSetup setup) {
      this.options = options;
      adapter = child("adapter", EmbeddingAdapter.of("qud", setup, options.adapter()));
      queue =
          child(
              "queue",
              MemoryBank.full(options.queueSize(), setup.teacherEmbedding(), Qud::unitRows));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = adapter.forward(inputs.student().embedding());
      NDArray loss =
          loss(
              student,
              inputs.teacher().embedding(),
              queue.rows(0),
              queue.sameImage(inputs.sampleIndices().array()),
              options.temperature());
      return new TermLosses().add("contrast", options.weight(), loss);
    }

    @Override
    public void afterStep(StepInputs inputs) {
      queue.add(inputs.sampleIndices().array(), L2Normalise.of(inputs.teacher().embedding()));
    }

    @Override
    public Map<String, double[]> state() {
      return Map.of(TAKEN, new double[] {queue.taken()});
    }

    @Override
    public void restore(Map<String, double[]> state) {
      queue.restore((long) state.get(TAKEN)[0]);
    }
  }
}
