package io.facet.models.face;

import io.facet.models.option.Description;
import io.facet.models.option.RecordBinder;
import java.util.List;

/** What a network expects as input, with the field's defaults; see {@link Preprocessing}. */
public record PreprocessingOptions(
    @Description(value = "Order of the channels.", defaultValue = "rgb")
        Preprocessing.ColourOrder colourOrder,
    @Description(value = "Width in pixels.", range = "[16, 1024]", defaultValue = "112") int width,
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
  public static final PreprocessingOptions STANDARD =
      RecordBinder.bindJson(PreprocessingOptions.class, "{}");

  /** The contract, for crops of the template. */
  public Preprocessing preprocessing(String template) {
    return new Preprocessing(
        colourOrder, width, height, mean, standardDeviation, template, flipFusion);
  }
}
