package io.facet.models.face.synthetic;

import java.util.ArrayList;
import java.util.List;

/**
 * What makes one identity: geometry only, no colour. Lengths in face units: the head is about two
 * units high, y points down, the eyes lie near y = 0.
 */
record FaceShape(
    double width,
    double crown,
    double chin,
    double jawSquareness,
    double jawTaper,
    double cheekbones,
    double eyeDistance,
    double eyeWidth,
    double eyeHeight,
    double eyeTilt,
    double eyeLevel,
    double iris,
    double lidCrease,
    double browHeight,
    double browThickness,
    double browLength,
    double browArch,
    double browSlope,
    double browDensity,
    double browGap,
    double noseLength,
    double noseWidth,
    double noseRidge,
    double noseProjection,
    double nostrils,
    double mouthLevel,
    double mouthWidth,
    double upperLip,
    double lowerLip,
    double cupidBow,
    double mouthCurve,
    double chinDimple,
    double folds,
    double eyeBags,
    double ears,
    double hairline,
    double hairPeak,
    double hairTemples,
    double hairVolume,
    double hairLength,
    double fringe,
    double moustache,
    double beard,
    double goatee,
    double freckles,
    List<Mole> moles) {

  /** A dark spot on the skin. */
  record Mole(double x, double y, double radius) {}

  /** Draws an identity; a spread of 1 is the standard population, 0 makes all people equal. */
  static FaceShape of(long seed, long identity, double spread) {
    Dice dice = Dice.of(seed, identity, 0x1dL);
    double s = spread;
    double hairLength = dice.between(0, 1);
    double facialHair = dice.between(0, 1);
    List<Mole> moles = new ArrayList<>();
    int moleCount = dice.below(5);
    for (int i = 0; i < moleCount; i++) {
      double x = dice.between(-0.55, 0.55);
      double y = dice.between(-0.5, 0.85);
      moles.add(new Mole(x, y, s * dice.between(0.02, 0.042)));
    }
    return new FaceShape(
        dice.normal(0.75, 0.05 * s),
        dice.normal(1.08, 0.06 * s),
        dice.normal(1.04, 0.07 * s),
        dice.normal(2.3, 0.35 * s),
        dice.normal(0.22, 0.09 * s),
        dice.normal(0.03, 0.03 * s),
        dice.normal(0.31, 0.028 * s),
        dice.normal(0.135, 0.02 * s),
        dice.normal(0.062, 0.016 * s),
        dice.normal(0.08, 0.14 * s),
        dice.normal(-0.06, 0.03 * s),
        dice.normal(0.06, 0.006 * s),
        dice.normal(0.5, 0.4 * s),
        dice.normal(0.19, 0.04 * s),
        dice.normal(0.042, 0.017 * s),
        dice.normal(0.19, 0.03 * s),
        dice.normal(0.045, 0.03 * s),
        dice.normal(0.05, 0.16 * s),
        dice.normal(0.75, 0.25 * s),
        dice.normal(0, 0.03 * s),
        dice.normal(0.37, 0.05 * s),
        dice.normal(0.125, 0.03 * s),
        dice.normal(0.06, 0.018 * s),
        dice.normal(0.2, 0.045 * s),
        dice.normal(0.6, 0.3 * s),
        dice.normal(0.66, 0.045 * s),
        dice.normal(0.25, 0.04 * s),
        dice.normal(0.045, 0.017 * s),
        dice.normal(0.062, 0.02 * s),
        dice.normal(0.5, 0.35 * s),
        dice.normal(0, 0.02 * s),
        dice.normal(0.1, 0.35 * s),
        dice.normal(0.3, 0.35 * s),
        dice.normal(0.3, 0.35 * s),
        dice.normal(0.1, 0.03 * s),
        dice.normal(-0.66, 0.1 * s),
        dice.normal(0, 0.07 * s),
        dice.normal(0.25, 0.12 * s),
        dice.normal(0.12, 0.045 * s),
        0.5 + (hairLength - 0.5) * Math.min(1, s),
        dice.chance(0.3 * Math.min(1, s)) ? dice.between(0.1, 0.32) : 0,
        facialHair > 0.66 ? s * dice.between(0.4, 1) : 0,
        facialHair > 0.84 ? s * dice.between(0.4, 1) : 0,
        facialHair > 0.5 && facialHair < 0.74 ? s * dice.between(0.4, 1) : 0,
        dice.chance(0.25) ? s * dice.between(0.3, 1) : 0,
        List.copyOf(moles));
  }
}
