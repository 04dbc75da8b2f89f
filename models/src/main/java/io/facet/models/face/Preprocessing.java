package io.facet.models.face;

import java.io.Serializable;
import java.util.List;

/**
 * The preprocessing contract of a network: how a crop becomes its input. A field of every model
 * artifact; loading a model with another contract fails.
 *
 * <p>Input value = (pixel / 255 - mean) / standardDeviation per channel, pixel in 0..255.
 *
 * @param colourOrder {@code RGB} or {@code BGR}
 * @param width input width in pixels; narrower than the crop: the middle columns
 * @param height input height in pixels
 * @param mean per channel, in the colour order, on the 0..1 scale
 * @param standardDeviation per channel, on the 0..1 scale
 * @param template alignment template of the crops, {@code arcface-112}
 * @param flipFusion how an image and its mirror image are joined at evaluation
 */
public record Preprocessing(
    ColourOrder colourOrder,
    int width,
    int height,
    List<Double> mean,
    List<Double> standardDeviation,
    String template,
    FlipFusion flipFusion)
    implements Serializable {

  /** Order of the channels. */
  public enum ColourOrder {
    RGB,
    BGR
  }

  /** Use of the mirror image at evaluation. */
  public enum FlipFusion {
    /** One crop. */
    NONE,
    /** Embeddings of the crop and its mirror image are added, then normalised. */
    SUM
  }

  /** The alignment template of InsightFace, 112x112. */
  public static final String ARCFACE_112 = "arcface-112";

  /** RGB, 112x112, (x / 255 - 0.5) / 0.5, no flip fusion: the field's default. */
  public static final Preprocessing STANDARD =
      new Preprocessing(
          ColourOrder.RGB,
          112,
          112,
          List.of(0.5, 0.5, 0.5),
          List.of(0.5, 0.5, 0.5),
          ARCFACE_112,
          FlipFusion.NONE);

  /** The same contract with another use of the mirror image. */
  public Preprocessing with(FlipFusion fusion) {
    return new Preprocessing(colourOrder, width, height, mean, standardDeviation, template, fusion);
  }
}
