package io.facet.models.distill;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.option.Description;

/** Raw L2: the student's embedding takes the teacher's values, length included. */
@AutoService(DistillationMethod.class)
public final class RawL2 implements DistillationMethod<RawL2.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the feature term, which sums over the embedding's values",
              range = "[0, inf)",
              defaultValue = "1",
              source = "AdaDistill's poster: (1/N) sum ||f_s - f_t||^2")
          double weight,
      @Description(
              value = "weight of the identity term beside it; 0 trains by features alone",
              range = "[0, inf)",
              defaultValue = "1")
          double identityWeight,
      @Description(
              value = "train a linear map of the student's embedding when the widths differ",
              defaultValue = "true")
          boolean adapter) {}

  @Override
  public String key() {
    return "l2";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<Options> optionsType() {
    return Options.class;
  }

  @Override
  public String summary() {
    return "squared distance of raw embeddings, summed over their width, mean over the batch";
  }

  @Override
  public String source() {
    return "Boutros et al., AdaDistill, ECCV 2024 (feature distillation baseline)";
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher().sameEmbeddingSize(!options.adapter());
  }

  @Override
  public double identityWeight(Options options) {
    return options.identityWeight();
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  /**
   * The loss: sum over the width, mean over the batch.
   *
   * @param student raw embeddings, {@code (B, d)}
   * @param teacher raw embeddings, {@code (B, d)}, taken as a constant
   * @return a scalar
   */
  public static NDArray loss(NDArray student, NDArray teacher) {
    return student.sub(teacher.stopGradient()).square().sum(new int[] {-1}).mean();
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final EmbeddingAdapter adapter;

    Session(Options options, MethodSetup setup) {
      this.options = options;
      this.adapter =
          child(
              "adapter",
              new EmbeddingAdapter(
                  "l2", setup.studentEmbedding(), setup.teacherEmbedding(), options.adapter()));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = adapter.forward(inputs.student().embedding());
      return new TermLosses()
          .add("feature", options.weight(), loss(student, inputs.teacher().embedding()));
    }
  }
}
