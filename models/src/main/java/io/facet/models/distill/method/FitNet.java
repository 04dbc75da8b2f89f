package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.RecipeException;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodNeeds;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.OutputShapes;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.EmbeddingAdapter;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.distill.part.MapPair;
import io.facet.models.distill.part.MapRegressor;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.Reduction;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import java.util.List;
import java.util.Optional;

/**
 * FitNet: a hint in the middle; the student's feature map, regressed, follows the teacher's.
 *
 * <p>{@code loss = mean((r(F_S) - F_T)^2)} for maps (B, C, H, W), r the regressor; for embeddings
 * (B, d) {@code sum((s^ - t^)^2) / 2B}.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "fitnet",
    version = 2,
    summary = "a feature map of the student, regressed, follows the teacher's",
    source = "Romero et al., ICLR 2015; code of HobbitLong/RepDistiller and WisonZ/GKD")
public final class FitNet implements DistillationMethod<FitNet.Options> {
  /** What is compared. */
  public enum Hint {
    /** Feature maps, by mean squared difference. */
    MAPS,
    /** Directions of embeddings, by half the squared distance. */
    EMBEDDING
  }

  /** How the student's map comes to the teacher's shape. */
  public enum Regressor {
    /** A trained convolution and batch normalisation; also between maps of one shape. */
    CONVOLUTION,
    /** Not at all: the shapes must agree. */
    NONE
  }

  private static final double MAP_WEIGHT = 100;
  private static final double EMBEDDING_WEIGHT = 1;

  /** Options of the method. */
  public record Options(
      @Description(
              value =
                  "weight of the hint; absent: 100 for maps (RepDistiller's script), 1 for embedding",
              range = "[0, inf)",
              defaultValue = Description.ABSENT,
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          Optional<Double> weight,
      @Description(
              value = "maps: feature maps; embedding: directions of embeddings",
              defaultValue = "maps",
              source = "maps: RepDistiller; embedding: WisonZ/GKD")
          Hint hint,
      @Description(value = "map of the student", defaultValue = "stage2") String studentTap,
      @Description(value = "map of the teacher", defaultValue = "stage2") String teacherTap,
      @Description(
              value =
                  "convolution: a trained convolution and batch normalisation; none: maps of one shape",
              defaultValue = "convolution",
              source = "RepDistiller, models/util.py; enlarging by interpolation is ours")
          Regressor regressor,
      @Description(
              value = "end the regressor with ReLU, for teachers whose maps do; RepDistiller: true",
              defaultValue = "false")
          boolean relu,
      @IdentityWeight double identityWeight)
      implements IdentityTerm {
    double hintWeight() {
      return weight.orElse(hint == Hint.MAPS ? MAP_WEIGHT : EMBEDDING_WEIGHT);
    }
  }

  @Override
  public MethodNeeds needs(Options options) {
    return options.hint() == Hint.MAPS
        ? MapPair.needs(List.of(options.studentTap()), List.of(options.teacherTap()))
        : MethodNeeds.constantTeacher();
  }

  @Override
  public void check(Options options, OutputShapes shapes) {
    if (options.hint() == Hint.MAPS) {
      pair(options, shapes);
    }
  }

  private MapPair pair(Options options, OutputShapes shapes) {
    MapPair pair =
        MapPair.of(key(), List.of(options.studentTap()), List.of(options.teacherTap()), shapes)
            .get(0);
    if (options.regressor() == Regressor.NONE && !pair.student().equals(pair.teacher())) {
      throw new RecipeException(
          "fitnet with regressor none needs maps of one shape: the student's %s has %s, the teacher's %s %s"
              .formatted(pair.studentTap(), pair.student(), pair.teacherTap(), pair.teacher()));
    }
    return pair;
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return options.hint() == Hint.MAPS
        ? new MapSession(options, pair(options, setup.shapes()))
        : new EmbeddingSession(options, setup);
  }

  /**
   * Squared differences of feature maps, mean over all elements.
   *
   * @param student {@code (B, C, H, W)}, regressed
   * @param teacher of the same shape, taken as a constant
   * @return a scalar
   */
  public static NDArray mapLoss(NDArray student, NDArray teacher) {
    MatchingShapes.require(student, teacher);
    return student.sub(teacher.stopGradient()).square().mean();
  }

  /**
   * Squared differences of directions, {@code sum / 2B}.
   *
   * @param student {@code (B, d)}
   * @param teacher {@code (B, d)}, taken as a constant
   * @return a scalar
   */
  public static NDArray embeddingLoss(NDArray student, NDArray teacher) {
    return RawL2.loss(student, teacher, true, Reduction.BATCH_MEAN).mul(0.5f);
  }

  private static final class MapSession extends MethodSession {
    private final Options options;
    private final MapPair pair;
    private final MapRegressor regressor;

    MapSession(Options options, MapPair pair) {
      this.options = options;
      this.pair = pair;
      regressor =
          options.regressor() == Regressor.NONE
              ? null
              : child(
                  "regressor", new MapRegressor(pair.student(), pair.teacher(), options.relu()));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = pair.student(inputs);
      return new TermLosses()
          .add(
              "hint",
              options.hintWeight(),
              mapLoss(
                  regressor == null ? student : regressor.forward(student), pair.teacher(inputs)));
    }
  }

  private static final class EmbeddingSession extends MethodSession {
    private final Options options;
    private final EmbeddingAdapter adapter;

    EmbeddingSession(Options options, MethodSetup setup) {
      this.options = options;
      adapter = child("adapter", EmbeddingAdapter.of("fitnet", setup, AdapterOptions.DEFAULT));
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      return new TermLosses()
          .add(
              "hint",
              options.hintWeight(),
              embeddingLoss(
                  adapter.forward(inputs.student().embedding()), inputs.teacher().embedding()));
    }
  }
}
