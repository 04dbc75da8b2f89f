package io.facet.models.face.synthetic;

import io.facet.models.option.Description;
import java.io.Serializable;

/** How varied and how difficult drawn photographs are. */
public record SyntheticOptions(
    @Description(
            value = "Width and height of a photograph in pixels.",
            range = "[96, 512]",
            defaultValue = "160")
        int size,
    @Description(
            value = "How far identities differ in geometry; 0 makes all people equal.",
            range = "[0, 2]",
            defaultValue = "1.4")
        double identitySpread,
    @Description(
            value =
                "Head rotation: 1 is a deviation of 14 degrees sideways, 7 up and down, 7 in plane.",
            range = "[0, 2]",
            defaultValue = "0.5")
        double pose,
    @Description(
            value = "Variation of light direction, strength and cast shadows.",
            range = "[0, 2]",
            defaultValue = "0.75")
        double light,
    @Description(
            value = "Variation of skin, hair and eye colour, white balance and exposure.",
            range = "[0, 2]",
            defaultValue = "1.2")
        double colour,
    @Description(
            value = "Strength of smiles, open mouths, raised brows and closed eyes.",
            range = "[0, 2]",
            defaultValue = "0.65")
        double expression,
    @Description(
            value = "Share of photographs with something in front of the face.",
            range = "[0, 1]",
            defaultValue = "0.08")
        double occlusion,
    @Description(
            value = "Blur, sensor noise and JPEG loss.",
            range = "[0, 2]",
            defaultValue = "0.5")
        double degradation)
    implements Serializable {

  /** The difficulty of the demonstration recipe. */
  public static final SyntheticOptions STANDARD =
      new SyntheticOptions(160, 1.4, 0.5, 0.75, 1.2, 0.65, 0.08, 0.5);
}
