package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
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
import io.facet.models.distill.part.IdentityMeans;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.L2Normalise;

/**
 * CoupleFace: the student's embedding takes the direction of the teacher's, and its cosines to
 * those other identities that the teacher finds most similar become the teacher's.
 *
 * <p>{@code feature = mean(2 - 2 cos(s_i, t_i)), relation = mean over mined (i, q) of |cos(s_i, q)
 * - cos(t_i, q)|}; s, t: (B, d), q the means of other identities in the teacher. The relation term
 * is reconstructed.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "coupleface",
    version = 2,
    summary = "the teacher's directions, and its cosines to the most similar other identities",
    source =
        "reconstructed: Liu et al., CoupleFace, ECCV 2022, from its abstract; the relation term is"
            + " ours in its details")
public final class CoupleFace implements DistillationMethod<CoupleFace.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of the feature term, mean of 2 - 2 cos",
              range = "[0, inf)",
              defaultValue = "1",
              source = "CoupleFace (FCD); weight reconstructed")
          double featureWeight,
      @Description(
              value = "weight of the relation term, mean difference of cosines",
              range = "[0, inf)",
              defaultValue = "1",
              source = "reconstructed")
          double relationWeight,
      @Description(
              value = "similar identities each sample is related to",
              range = "[1, 4096]",
              defaultValue = "16",
              source = "reconstructed")
          int relations,
      @IdentityWeight double identityWeight,
      @Adapter AdapterOptions adapter)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return true;
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher().with(Need.SAME_EMBEDDING_SIZE, options.adapter().absent());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  /** The identities each sample is related to. */
  public record Relations(NDArray directions, NDArray usable) {}

  /**
   * Mines the most similar other identities by the teacher's means.
   *
   * @param means directions of the identities' means, {@code (C, d)}; zero for those not seen yet
   * @param labels int64, {@code (B)}
   * @param count at most this many
   * @return their directions {@code (B, K, d)} and whether each counts, 1 or 0, {@code (B, K)}
   */
  public static Relations mine(NDArray means, NDArray labels, int count) {
    NDArray seen = means.abs().sum(new int[] {1}).gt(0).toType(DataType.FLOAT32, false);
    NDArray own = means.get(labels);
    NDArray unseen = seen.neg().add(1).mul(4).expandDims(0);
    NDArray index = labels.expandDims(1);
    NDArray excluded = index.zerosLike().toType(DataType.FLOAT32, false).sub(4);
    NDArray scores = own.matMul(means.transpose()).sub(unseen).scatter(index, excluded, 1);
    int many = (int) Math.min(count, means.getShape().get(0) - 1);
    NDList best = scores.topK(many, 1, true, true);
    NDArray usable =
        best.get(0).gt(-2).toType(DataType.FLOAT32, false).mul(seen.get(labels).expandDims(1));
    long batch = labels.size();
    NDArray directions = means.get(best.get(1).reshape(batch * many));
    return new Relations(directions.reshape(batch, many, means.getShape().get(1)), usable);
  }

  /**
   * The relation term: mean over the usable pairs of {@code |cos(s_i, q) - cos(t_i, q)|}; 0 without
   * such pairs.
   *
   * @param student {@code (B, d)}
   * @param teacher {@code (B, d)}, taken as a constant
   * @return a scalar
   */
  public static NDArray relation(NDArray student, NDArray teacher, Relations relations) {
    MatchingShapes.require(student, teacher);
    NDArray difference =
        L2Normalise.of(student).sub(L2Normalise.of(teacher.stopGradient())).expandDims(1);
    NDArray cosines = relations.directions().mul(difference).sum(new int[] {-1});
    NDArray usable = relations.usable();
    return cosines.abs().mul(usable).sum().div(usable.sum().maximum(1));
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final EmbeddingAdapter adapter;
    private final IdentityMeans means;

    Session(Options options, MethodSetup setup) {
      this.options = options;
      int width = setup.teacherEmbedding();
      adapter =
          child(
              "adapter",
              new EmbeddingAdapter(
                  "coupleface", setup.studentEmbedding(), width, options.adapter()));
      means = child("means", new IdentityMeans(setup.classes(), width));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = adapter.forward(inputs.student().embedding());
      NDArray teacher = inputs.teacher().embedding();
      Relations relations = mine(means.directions(), inputs.labels().array(), options.relations());
      return new TermLosses()
          .add(
              "feature",
              options.featureWeight(),
              FeatureConsistency.loss(student, teacher, FeatureConsistency.Form.L2))
          .add("relation", options.relationWeight(), relation(student, teacher, relations));
    }

    @Override
    public void afterStep(StepInputs inputs) {
      means.add(inputs.teacher().embedding(), inputs.labels());
    }
  }
}
