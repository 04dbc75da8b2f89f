package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.embed.Embedder;
import io.facet.models.face.Pixels;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.models.train.EpochValidation;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.train.data.TrainingSet;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.PairRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Verification accuracy on identities kept out of training, or on pairs of their own: the only
 * figure that the choice of a recipe or a model may look at.
 *
 * <p>Without pairs of their own they are drawn from the crops alone, so they are the same for every
 * method and seed: half show one person, half two, and all people come as evenly as their crops
 * allow.
 */
public final class PairValidation implements EpochValidation {
  /** Rises when other pairs are drawn from the same crops. */
  public static final int VERSION = 2;

  private final List<Pixels> crops;
  private final List<Pair> pairs;

  private PairValidation(List<Pixels> crops, List<Pair> pairs) {
    this.crops = crops;
    this.pairs = pairs;
  }

  /** Two places in the list of crops. */
  private record Pair(int left, int right, boolean same) {}

  /**
   * Pairs over the crops of the validation identities. Only crops of a pair are kept in memory.
   *
   * @param wanted pairs at most
   * @return empty if there are not two identities of which one has two crops
   */
  public static Optional<PairValidation> of(TrainingSet validation, int wanted) {
    BalancedPairs drawn = new BalancedPairs(validation);
    List<BalancedPairs.Drawn> same = drawn.same(wanted / 2);
    List<BalancedPairs.Drawn> different = drawn.different(same.size());
    if (same.isEmpty() || different.isEmpty()) {
      return Optional.empty();
    }
    Map<Integer, Integer> places = new LinkedHashMap<>();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < Math.min(same.size(), different.size()); i++) {
      pairs.add(placed(same.get(i), places, true));
      pairs.add(placed(different.get(i), places, false));
    }
    List<Pixels> crops = places.keySet().stream().map(validation::crop).toList();
    return Optional.of(new PairValidation(crops, pairs));
  }

  /**
   * Given pairs.
   *
   * @param crops that the pairs show
   * @throws DataException if there are no pairs of one person or none of two
   */
  public static PairValidation of(PackedTrainingSet crops, List<PairRow> rows) {
    Map<String, Integer> faces = new HashMap<>();
    for (int i = 0; i < crops.size(); i++) {
      faces.put(FaceId.imageId(crops.faceId(i)), i);
    }
    Map<Integer, Integer> places = new LinkedHashMap<>();
    List<Pair> pairs = new ArrayList<>();
    int same = 0;
    for (PairRow row : rows) {
      Integer left = faces.get(row.leftImageId());
      Integer right = faces.get(row.rightImageId());
      if (left != null && right != null) {
        pairs.add(new Pair(place(places, left), place(places, right), row.same()));
        same += row.same() ? 1 : 0;
      }
    }
    if (same == 0 || same == pairs.size()) {
      throw new DataException(
          "data.validation.source: %d of its %d pairs have both faces, %d of them show one person; validation needs pairs of one person and of two"
              .formatted(pairs.size(), rows.size(), same));
    }
    return new PairValidation(places.keySet().stream().map(crops::crop).toList(), pairs);
  }

  private static Pair placed(
      BalancedPairs.Drawn drawn, Map<Integer, Integer> places, boolean same) {
    return new Pair(place(places, drawn.left()), place(places, drawn.right()), same);
  }

  private static int place(Map<Integer, Integer> places, int crop) {
    return places.computeIfAbsent(crop, c -> places.size());
  }

  /**
   * {@code accuracy} by ten folds, fewer if there are fewer pairs, and {@code area-under-curve}.
   */
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
    int folds = Math.min(TenFoldAccuracy.FOLDS, scores.length);
    return Map.of(
        "accuracy", TenFoldAccuracy.measure(measured, folds).mean(),
        "area-under-curve", RocCurve.of(measured).areaUnderCurve());
  }
}
