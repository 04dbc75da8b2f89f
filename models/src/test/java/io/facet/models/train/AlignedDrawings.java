package io.facet.models.train;

import io.facet.models.backbone.Network;
import io.facet.models.embed.NetworkEmbedder;
import io.facet.models.face.BilinearWarp;
import io.facet.models.face.FaceTemplate;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.face.SimilarityTransform;
import io.facet.models.face.synthetic.Photograph;
import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import io.facet.models.face.synthetic.SyntheticPair;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.models.train.data.TrainingSet;
import java.util.List;
import java.util.stream.IntStream;

/** Drawn faces that vary little, aligned to 32x32, to train on and to verify. */
public final class AlignedDrawings implements TrainingSet {
  public static final int SIDE = 32;

  /** 32x32, values in -1..1. */
  public static final Preprocessing PREPROCESSING =
      new Preprocessing(
          Preprocessing.ColourOrder.RGB,
          SIDE,
          SIDE,
          List.of(0.5, 0.5, 0.5),
          List.of(0.5, 0.5, 0.5),
          Preprocessing.ARCFACE_112,
          Preprocessing.FlipFusion.NONE);

  private static final SyntheticFaces DRAWINGS =
      new SyntheticFaces(5, new SyntheticOptions(96, 2, 0.2, 0.2, 0.3, 0.2, 0, 0.2));

  private final int first;
  private final int shots;
  private final List<Pixels> crops;

  private AlignedDrawings(int first, int identities, int shots) {
    this.first = first;
    this.shots = shots;
    crops =
        IntStream.range(0, identities * shots)
            .mapToObj(i -> crop(DRAWINGS.photograph(first + i / shots, i % shots)))
            .toList();
  }

  /** Faces to train on. */
  public static AlignedDrawings training(int identities, int shots) {
    return new AlignedDrawings(0, identities, shots);
  }

  /** Faces of other people. */
  public static AlignedDrawings verification(int identities, int shots) {
    return new AlignedDrawings(SyntheticFaces.FIRST_VERIFICATION_IDENTITY, identities, shots);
  }

  private static Pixels crop(Photograph photograph) {
    float[] template = FaceTemplate.ARCFACE_112.points().clone();
    for (int i = 0; i < template.length; i++) {
      template[i] = template[i] * SIDE / 112;
    }
    return BilinearWarp.warp(
        ImageDecoder.decode(photograph.jpeg()),
        SimilarityTransform.between(photograph.landmarks(), template),
        SIDE,
        SIDE);
  }

  /** Ten-fold accuracy over that many pairs, in 0..1. */
  public double accuracy(Network network, int count) {
    List<SyntheticPair> pairs = DRAWINGS.pairs(first, classes(), shots, count);
    try (NetworkEmbedder embedder = new NetworkEmbedder(network, PREPROCESSING, 50)) {
      float[][] rows = embedder.embed(crops);
      double[] scores = new double[count];
      boolean[] same = new boolean[count];
      for (int i = 0; i < count; i++) {
        SyntheticPair pair = pairs.get(i);
        scores[i] =
            EmbeddingMath.cosine(
                rows[(pair.leftIdentity() - first) * shots + pair.leftShot()],
                rows[(pair.rightIdentity() - first) * shots + pair.rightShot()]);
        same[i] = pair.same();
      }
      return TenFoldAccuracy.measure(PairScores.of(scores, same)).mean();
    }
  }

  @Override
  public int size() {
    return crops.size();
  }

  @Override
  public int classes() {
    return crops.size() / shots;
  }

  @Override
  public int label(int index) {
    return index / shots;
  }

  @Override
  public String faceId(int index) {
    return "face-" + index;
  }

  @Override
  public Pixels crop(int index) {
    return crops.get(index);
  }
}
