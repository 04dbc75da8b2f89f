package io.facet.pipelines.recipe;

import io.facet.models.face.Preprocessing;
import io.facet.models.option.Description;
import io.facet.models.option.RecordBinder;
import io.facet.models.weights.WeightNaming;
import java.util.List;
import java.util.Optional;

/** A weights file somebody else made, and the preprocessing it was trained with. */
public record WeightsRecipe(
    @Description(
            value =
                "The file, relative to data.root, an http(s) URL, or shipped:FILE for weights that"
                    + " come with Facet (both with sha256).",
            affectsResult = false)
        String path,
    @Description(
            value = "SHA-256 of the file, 64 hexadecimal digits; checked before use.",
            defaultValue = Description.ABSENT)
        Optional<String> sha256,
    @Description(
            value = "How the file names its tensors; other people's networks need it.",
            defaultValue = "facet")
        WeightNaming naming,
    @Description(
            value = "What the file's network expects as input; our own files say it themselves.",
            defaultValue = "{}")
        Input input) {

  /** Whether the file is one of this machine, neither downloaded nor shipped. */
  public boolean local() {
    return !ShippedWeights.names(path) && !path.matches("https?://.*");
  }

  /** Preprocessing with the field's defaults; see {@link Preprocessing}. */
  public record Input(
      @Description(value = "Order of the channels.", defaultValue = "rgb")
          Preprocessing.ColourOrder colourOrder,
      @Description(value = "Width in pixels.", range = "[16, 1024]", defaultValue = "112")
          int width,
      @Description(value = "Height in pixels.", range = "[16, 1024]", defaultValue = "112")
          int height,
      @Description(
              value = "Mean per channel on the 0..1 scale, in the channels' order.",
              defaultValue = "[0.5, 0.5, 0.5]")
          List<Double> mean,
      @Description(
              value = "Standard deviation per channel on the 0..1 scale.",
              range = "(0, inf)",
              defaultValue = "[0.5, 0.5, 0.5]")
          List<Double> standardDeviation,
      @Description(
              value = "How a face and its mirror image are joined at evaluation.",
              defaultValue = "none")
          Preprocessing.FlipFusion flipFusion) {

    /** RGB of 112x112 pixels scaled to -1..1, one crop. */
    public static final Input STANDARD = RecordBinder.bindJson(Input.class, "{}");

    /** The contract, for crops of the template. */
    public Preprocessing preprocessing(String template) {
      return new Preprocessing(
          colourOrder, width, height, mean, standardDeviation, template, flipFusion);
    }
  }
}
