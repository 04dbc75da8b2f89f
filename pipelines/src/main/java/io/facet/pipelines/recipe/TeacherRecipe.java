package io.facet.pipelines.recipe;

import io.facet.models.backbone.Backbone;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.embed.FrozenModel;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Description;
import io.facet.models.option.Inline;
import io.facet.models.option.Selected;
import io.facet.models.train.TrainingOptions;
import io.facet.models.train.teacher.FeatureType;
import java.util.Optional;

/**
 * One teacher: imported ({@code weights}, or {@code onnx} and {@code torchscript} for finished
 * programs) or trained ({@code training}).
 */
public record TeacherRecipe(
    @Description("Name of the teacher: letters, digits, '.', '_' and '-'.") String name,
    @Description(
            value = "Its network; finished programs have none.",
            defaultValue = Description.ABSENT)
        Optional<Selected<Backbone<?>>> backbone,
    @Description(value = "Import: the weights file.", defaultValue = Description.ABSENT)
        Optional<WeightsRecipe> weights,
    @Description(
            value = "Import: an ONNX file that gives embeddings; serves methods that read no more.",
            defaultValue = Description.ABSENT)
        Optional<FrozenRecipe> onnx,
    @Description(
            value =
                "Import: a file of torch.jit.save that gives embeddings; serves methods that read no"
                    + " more.",
            defaultValue = Description.ABSENT)
        Optional<FrozenRecipe> torchscript,
    @Description(
            value =
                "Import: class weights that were trained with it, for methods that read them; absent:"
                    + " those of a model file of ours, if it keeps some.",
            defaultValue = Description.ABSENT)
        Optional<TeacherClassifierRecipe> classifier,
    @Description(
            value =
                "Its outputs for the methods that take it as a constant. always: computed once and"
                    + " kept, refused above 2 TB; never: it runs in each training, beside the"
                    + " student; auto: kept up to 200 GB.",
            defaultValue = "auto")
        TeacherCache cache,
    @Description(
            value =
                "How cached outputs are kept. float16: half the bytes, 11 bits of precision; trainings"
                    + " then differ in their bits from those with a teacher that runs live.",
            defaultValue = "float32")
        FeatureType cacheType,
    @Description(value = "Train it here.", defaultValue = Description.ABSENT)
        Optional<TeacherTraining> training) {

  /** The network of a teacher that has one; recipes are checked for it. */
  public Selected<Backbone<?>> network() {
    return backbone.orElseThrow();
  }

  /** The finished program, if it is one. */
  public Optional<FrozenRecipe> frozen() {
    return onnx.or(() -> torchscript);
  }

  /** What runs the finished program. */
  public FrozenModel.Kind kind() {
    return onnx.isPresent() ? FrozenModel.Kind.ONNX : FrozenModel.Kind.TORCHSCRIPT;
  }

  /** How a teacher is trained: it is just another student. */
  public record TeacherTraining(
      @Description(value = "How another teacher helps.", defaultValue = "none")
          Selected<DistillationMethod<?>> method,
      @Description(value = "Name of the teacher's own teacher.", defaultValue = Description.ABSENT)
          Optional<String> from,
      @Description(value = "Weights to start from.", defaultValue = Description.ABSENT)
          Optional<WeightsRecipe> initial,
      @Description(value = "Margin softmax over the identities.", defaultValue = "{arcface: {}}")
          Selected<MarginHead<?>> head,
      @Description(
              value = "Class weights of another teacher in that head (SH-KD); absent: its own.",
              defaultValue = Description.ABSENT)
          Optional<ClassifierRecipe> classifier,
      @Inline TrainingOptions options) {}
}
