package io.facet.models.face.synthetic;

import io.facet.models.RecipeException;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Draws photographs of people who do not exist: identity is geometry (head, eyes, brows, nose,
 * mouth, hairline, facial hair, moles), everything else (pose, light, all colours, expression,
 * occlusion, camera) is drawn anew for every photograph.
 *
 * <p>Pixels and landmarks depend on seed, identity, shot and options only and are equal on every
 * machine and JDK; the JPEG bytes also on the version of the image library. Identities are any
 * numbers; training and verification use disjoint ranges. Instances hold no state and are safe to
 * share between threads.
 */
public final class SyntheticFaces {
  /** Raised whenever the same arguments give another image; part of fingerprints. */
  public static final int VERSION = 1;

  /** Verification sets start here, so that no training set shares a person with them. */
  public static final int FIRST_VERIFICATION_IDENTITY = 1_000_000;

  private final long seed;
  private final SyntheticOptions options;

  /** A population; the seed chooses all its identities. */
  public SyntheticFaces(long seed, SyntheticOptions options) {
    this.seed = seed;
    this.options = options;
  }

  /** Photograph number {@code shot} of a person. */
  public Photograph photograph(int identity, int shot) {
    Drawing drawing = draw(identity, shot);
    int quality = (int) Math.round(96 - options.degradation() * drawing.dice.between(2, 28));
    return new Photograph(
        FaceEncoder.jpeg(drawing.pixels, quality),
        options.size(),
        options.size(),
        drawing.landmarks);
  }

  /**
   * Chooses verification pairs, same and different ones in turn, no pair twice.
   *
   * @param firstIdentity first person of the set
   * @param identities number of people, at least 2
   * @param shots photographs of each, at least 2
   * @param count number of pairs
   * @throws RecipeException if so few photographs do not give so many pairs
   */
  public List<SyntheticPair> pairs(int firstIdentity, int identities, int shots, int count) {
    long samePairs = (long) identities * shots * (shots - 1) / 2;
    if (identities < 2 || shots < 2 || (count + 1) / 2 > samePairs) {
      throw new RecipeException(
          "%d synthetic pairs need more than %d people with %d shots; at least 2 of each and %d same pairs"
              .formatted(count, identities, shots, (count + 1) / 2));
    }
    Dice dice = Dice.of(seed, firstIdentity, identities, shots, 0xa1L);
    Set<SyntheticPair> pairs = new LinkedHashSet<>();
    while (pairs.size() < count) {
      int left = dice.below(identities);
      int right = pairs.size() % 2 == 0 ? left : dice.below(identities);
      int leftShot = dice.below(shots);
      int rightShot = dice.below(shots);
      boolean wanted = (left == right) == (pairs.size() % 2 == 0);
      if (wanted && (left < right || (left == right && leftShot < rightShot))) {
        pairs.add(
            new SyntheticPair(firstIdentity + left, leftShot, firstIdentity + right, rightShot));
      }
    }
    return List.copyOf(pairs);
  }

  /** The same image before JPEG compression. */
  Pixels pixels(int identity, int shot) {
    return draw(identity, shot).pixels;
  }

  private Drawing draw(int identity, int shot) {
    FaceShape shape = FaceShape.of(seed, identity, options.identitySpread());
    Dice dice = Dice.of(seed, identity, shot, 0x5107L);
    Scene scene = Scene.of(dice, options);
    HeadSurface surface = new HeadSurface(shape, scene);
    Canvas canvas = new Canvas(options.size());
    Grid head = Meshes.head(shape, surface);
    head.project(scene);
    canvas.draw(head, Canvas.SKIN);
    Grid hair = Meshes.hair(shape, surface, scene.salt());
    hair.project(scene);
    canvas.draw(hair, Canvas.HAIR);
    Backdrop.paint(canvas, shape, scene, dice);
    Lighting.apply(canvas, shape, scene, dice, options.light());
    float[] landmarks = landmarks(shape, scene, surface);
    if (dice.chance(options.occlusion())) {
      Occluders.apply(canvas, scene, landmarks, dice);
    }
    return new Drawing(Sensor.expose(canvas, options, dice), landmarks, dice);
  }

  private static float[] landmarks(FaceShape shape, Scene scene, HeadSurface surface) {
    double mouthX = FacePainter.mouthHalf(shape, scene);
    double mouthY = shape.mouthLevel() + FacePainter.cornerLift(shape, scene);
    double[][] places = {
      {-shape.eyeDistance(), shape.eyeLevel()},
      {shape.eyeDistance(), shape.eyeLevel()},
      {0, HeadSurface.noseTip(shape)},
      {-mouthX, mouthY},
      {mouthX, mouthY}
    };
    float[] landmarks = new float[10];
    double[] out = new double[3];
    for (int i = 0; i < 5; i++) {
      double x = places[i][0];
      double y = places[i][1];
      scene.project(x, surface.lowered(y), surface.frontZ(x, y), out);
      landmarks[2 * i] = (float) out[0];
      landmarks[2 * i + 1] = (float) out[1];
    }
    return landmarks;
  }

  private record Drawing(Pixels pixels, float[] landmarks, Dice dice) {}
}
