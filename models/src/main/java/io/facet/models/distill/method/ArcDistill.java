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
import io.facet.models.distill.TeacherClassifier;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.Adapter;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.distill.part.EmbeddingAdapter;
import io.facet.models.head.FrozenHead;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.option.Selected;

/**
 * ArcDistill (ProxylessKD): the student learns identities on the teacher's own class weights, which
 * stay as they are.
 *
 * <p>{@code loss = CE(margin(s^ W_T^T), y)} with s (B, d) and the teacher's class weights W_T (C,
 * d), both normalised.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "arc-distill",
    version = 2,
    summary = "margin softmax of the student on the teacher's frozen class weights",
    source = "Shi et al., ProxylessKD, 2020; ArcDistill in the code of fdbtrs/AdaDistill")
public final class ArcDistill implements DistillationMethod<ArcDistill.Options> {
  /** Options of the method. */
  public record Options(
      @Description(
              value = "margin softmax on the teacher's class weights",
              defaultValue = "{arcface: {variant: plain}}",
              source = "fdbtrs/AdaDistill train_AMLDistill.py")
          Selected<MarginHead<?>> head,
      @Description(
              value = "weight of the margin softmax",
              range = "[0, inf)",
              defaultValue = "1",
              source = "fdbtrs/AdaDistill train_AMLDistill.py")
          double weight,
      @Description(
              value = "weight of the identity term of the student's own head beside it",
              range = "[0, inf)",
              defaultValue = "0",
              source = "fdbtrs/AdaDistill: the student has no head of its own")
          double identityWeight,
      @Adapter AdapterOptions adapter)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return true;
  }

  @Override
  public MethodNeeds needs(Options options) {
    return MethodNeeds.constantTeacher()
        .with(Need.TEACHER_CLASSIFIER)
        .with(Need.SAME_EMBEDDING_SIZE, options.adapter().absent());
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options, setup);
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private final EmbeddingAdapter adapter;
    private final FrozenHead head;
    private final TeacherClassifier classes;

    Session(Options options, MethodSetup setup) {
      this.options = options;
      adapter = child("adapter", EmbeddingAdapter.of("arc-distill", setup, options.adapter()));
      head = child("head", new FrozenHead(options.head()));
      classes = TeacherClassifier.of(setup);
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = adapter.forward(inputs.student().embedding());
      return new TermLosses()
          .add(
              "teacher_head",
              options.weight(),
              head.loss(
                  student, inputs.ofClasses(classes.directions()), inputs.classLabels().array()));
    }
  }
}
