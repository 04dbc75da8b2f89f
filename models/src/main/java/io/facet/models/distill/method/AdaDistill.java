package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
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
import io.facet.models.distill.part.DuplicateRows;
import io.facet.models.distill.part.EmbeddingAdapter;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.head.FrozenHead;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.option.Selected;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;

/**
 * AdaDistill: the student learns identities on class centres that are running means of the
 * teacher's embeddings. The better the student already agrees with its teacher, the slower a centre
 * moves.
 *
 * <pre>
 * a_i = clip(cos(s_i, t_i)) clip(cos(w_y, t_i))          without the second factor if alpha is plain
 * w_y := a_i w_y + (1 - a_i) t^_i                         before use, without gradient
 * loss = cross entropy of the margin softmax of s^ on w^
 * </pre>
 *
 * <p>s, t: (B, d), w: (C, d), ^: divided by its length; clip is to [1e-6, 1].
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "ada-distill",
    version = 2,
    summary = "margin softmax on class centres that follow the teacher's embeddings",
    source = "Boutros et al., AdaDistill, ECCV 2024, arXiv 2407.01332; code of fdbtrs/AdaDistill")
public final class AdaDistill implements DistillationMethod<AdaDistill.Options> {
  /** How much of the old centre stays. */
  public enum Alpha {
    /** The agreement of student and teacher times that of centre and teacher. */
    WEIGHTED,
    /** The agreement of student and teacher. */
    PLAIN
  }

  /** Which sample moves a centre when several of a batch belong to it. */
  public enum Duplicates {
    /** The last in the batch. */
    LAST,
    /** The mean of where each would move it. */
    MEAN
  }

  /** Options of the method. */
  public record Options(
      @Description(
              value = "margin softmax on the centres",
              defaultValue = "{arcface: {margin: 0.45, variant: plain}}",
              source = "fdbtrs/AdaDistill; with cosface its margin is 0.35")
          Selected<MarginHead<?>> head,
      @Description(
              value =
                  "share of the old centre: weighted, cos(student, teacher) times cos(centre, teacher); plain, the first alone",
              defaultValue = "weighted",
              source = "Boutros et al., AdaDistill, ECCV 2024")
          Alpha alpha,
      @Description(
              value =
                  "several samples of a class in one batch: the last moves the centre, or their mean",
              defaultValue = "last",
              source = "last: fdbtrs/AdaDistill on one processor; mean: reconstructed")
          Duplicates duplicates,
      @Description(
              value = "weight of the margin softmax",
              range = "[0, inf)",
              defaultValue = "1",
              source = "fdbtrs/AdaDistill")
          double weight,
      @Description(
              value = "weight of the identity term of the student's own head beside it",
              range = "[0, inf)",
              defaultValue = "0",
              source = "fdbtrs/AdaDistill: the centres are the only head")
          double identityWeight,
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
    return new Session(options, new FrozenHead(options.head()), setup);
  }

  /**
   * Share of the old centre that stays, each within [1e-6, 1].
   *
   * @param student raw embeddings, {@code (B, d)}
   * @param teacher raw embeddings, {@code (B, d)}
   * @param centres of the samples' classes, {@code (B, d)}
   * @return {@code (B)}, without gradient
   */
  public static NDArray share(NDArray student, NDArray teacher, NDArray centres, Alpha alpha) {
    MatchingShapes.require(student, teacher);
    NDArray cosine =
        L2Normalise.cosines(student.stopGradient(), teacher.stopGradient()).clip(-1, 1);
    if (alpha == Alpha.PLAIN) {
      return cosine.clip(1e-6, 1);
    }
    NDArray agreement = L2Normalise.cosines(centres, teacher.stopGradient()).clip(1e-6, 1);
    return cosine.mul(agreement).clip(1e-6, 1);
  }

  /** The method at work: the centres {@code (C, d)}, stored as they are, normalised on use. */
  static final class Session extends MethodSession {
    private final Options options;
    private final FrozenHead head;
    private final EmbeddingAdapter adapter;
    private final Weight centres;

    Session(Options options, FrozenHead head, MethodSetup setup) {
      this.options = options;
      this.head = child("head", head);
      adapter = child("adapter", EmbeddingAdapter.of("ada-distill", setup, options.adapter()));
      centres =
          buffer("centres", Initialiser.normal(0.01), setup.classes(), setup.teacherEmbedding());
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = adapter.forward(inputs.student().embedding());
      move(student, inputs.teacher().embedding(), inputs.labels());
      NDArray loss =
          head.loss(
              student,
              L2Normalise.of(inputs.ofClasses(centres.array())),
              inputs.classLabels().array());
      return new TermLosses().add("centres", options.weight(), loss);
    }

    /** Moves the centres of the batch's classes, before they are used. */
    private void move(NDArray student, NDArray teacher, IndexArray labels) {
      NDArray old = TorchOps.rows(centres.array(), labels.array());
      NDArray share = share(student, teacher, old, options.alpha()).expandDims(1);
      NDArray target = L2Normalise.of(teacher.stopGradient());
      NDArray moved = old.mul(share).add(target.mul(share.neg().add(1)));
      DuplicateRows classes = DuplicateRows.of(labels);
      TorchOps.setRows(
          centres.array(),
          classes.values(),
          options.duplicates() == Duplicates.LAST ? classes.last(moved) : classes.mean(moved));
    }
  }
}
