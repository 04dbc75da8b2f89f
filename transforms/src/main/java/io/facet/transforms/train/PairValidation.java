package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.backbone.Embedder;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.PictureException;
import io.facet.models.face.Pixels;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.models.train.EpochValidation;
import io.facet.models.train.LabelledCrop;
import io.facet.models.train.SeededHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Verification accuracy on identities kept out of training: the only figure that the choice of a
 * recipe or a model may look at.
 *
 * <p>The pairs are drawn from the crops alone, so they are the same for every method and seed: half
 * show one person, half two.
 */
public final class PairValidation implements EpochValidation {
  private final List<Pixels> crops;
  private final List<Pair> pairs;

  private PairValidation(List<Pixels> crops, List<Pair> pairs) {
    this.crops = crops;
    this.pairs = pairs;
  }

  /** Two positions among the crops. */
  private record Pair(int left, int right, boolean same) {}

  /**
   * Pairs over the crops of the validation identities.
   *
   * @param wanted pairs at most
   * @return empty if there are not two identities of which one has two crops
   */
  public static Optional<PairValidation> of(List<LabelledCrop> validation, int wanted) {
    List<LabelledCrop> ordered = new ArrayList<>(validation);
    ordered.sort(Comparator.comparing(LabelledCrop::faceId));
    List<Pair> same = samePairs(ordered, wanted / 2);
    List<Pair> different = differentPairs(ordered, same.size());
    if (same.isEmpty() || different.isEmpty()) {
      return Optional.empty();
    }
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < Math.min(same.size(), different.size()); i++) {
      pairs.add(same.get(i));
      pairs.add(different.get(i));
    }
    return Optional.of(new PairValidation(decode(ordered), pairs));
  }

  private static List<Pair> samePairs(List<LabelledCrop> crops, int most) {
    List<Pair> all = new ArrayList<>();
    for (int i = 0; i < crops.size(); i++) {
      for (int j = i + 1; j < crops.size(); j++) {
        if (crops.get(i).identity().equals(crops.get(j).identity())) {
          all.add(new Pair(i, j, true));
        }
      }
    }
    all.sort(
        Comparator.<Pair>comparingLong(
                pair ->
                    SeededHash.of(
                        SeededHash.of(crops.get(pair.left()).faceId()),
                        SeededHash.of(crops.get(pair.right()).faceId())))
            .thenComparingInt(Pair::left)
            .thenComparingInt(Pair::right));
    return all.subList(0, Math.min(most, all.size()));
  }

  private static List<Pair> differentPairs(List<LabelledCrop> crops, int wanted) {
    long identities = new TreeSet<>(crops.stream().map(LabelledCrop::identity).toList()).size();
    List<Pair> drawn = new ArrayList<>();
    if (identities < 2) {
      return drawn;
    }
    for (long draw = 0; drawn.size() < wanted; draw++) {
      int left = (int) Long.remainderUnsigned(SeededHash.of(draw, 0), crops.size());
      int right = (int) Long.remainderUnsigned(SeededHash.of(draw, 1), crops.size());
      if (!crops.get(left).identity().equals(crops.get(right).identity())) {
        drawn.add(new Pair(left, right, false));
      }
    }
    return drawn;
  }

  private static List<Pixels> decode(List<LabelledCrop> crops) {
    List<Pixels> decoded = new ArrayList<>();
    for (LabelledCrop crop : crops) {
      try {
        decoded.add(ImageDecoder.decode(crop.encoded()));
      } catch (PictureException e) {
        throw new DataException(
            "validation face %s: %s".formatted(crop.faceId(), e.getMessage()), e);
      }
    }
    return decoded;
  }

  /** {@code accuracy} by ten folds and {@code area-under-curve}. */
  @Override
  public Map<String, Double> measure(int epoch, Embedder student) {
    float[][] embeddings = student.embed(crops);
    double[] scores = new double[pairs.size()];
    boolean[] same = new boolean[pairs.size()];
    for (int i = 0; i < scores.length; i++) {
      Pair pair = pairs.get(i);
      scores[i] = EmbeddingMath.cosine(embeddings[pair.left()], embeddings[pair.right()]);
      same[i] = pair.same();
    }
    PairScores measured = PairScores.of(scores, same);
    return Map.of(
        "accuracy", TenFoldAccuracy.measure(measured).mean(),
        "area-under-curve", RocCurve.of(measured).areaUnderCurve());
  }
}
