package io.facet.transforms.train;

import io.facet.models.DataException;
import io.facet.models.backbone.Embedder;
import io.facet.models.face.Pixels;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.models.train.EpochValidation;
import io.facet.models.train.ScratchTrainingSet;
import io.facet.models.train.SeededHash;
import io.facet.models.train.TrainingSet;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.PairRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Verification accuracy on identities kept out of training, or on pairs of their own: the only figure that the choice of a
 * recipe or a model may look at.
 *
 * <p>Without pairs of their own they are drawn from the crops alone, so they are the same for every
 * method and seed: half show one person, half two.
 */
public final class PairValidation implements EpochValidation {
  private final List<Pixels> crops;
  private final List<Pair> pairs;

  private PairValidation(List<Pixels> crops, List<Pair> pairs) {
    this.crops = crops;
    this.pairs = pairs;
  }

  /** Two positions among the crops. */
  private record Pair(int left, int right, boolean same) {
    /** The same pair by places in a list of the crops that are needed. */
    Pair placed(Map<Integer, Integer> places) {
      return new Pair(place(places, left), place(places, right), same);
    }

    private static int place(Map<Integer, Integer> places, int crop) {
      return places.computeIfAbsent(crop, c -> places.size());
    }
  }

  /**
   * Pairs over the crops of the validation identities. Only crops of a pair are kept in memory.
   *
   * @param wanted pairs at most
   * @return empty if there are not two identities of which one has two crops
   */
  public static Optional<PairValidation> of(TrainingSet validation, int wanted) {
    List<Pair> same = samePairs(validation, wanted / 2);
    List<Pair> different = differentPairs(validation, same.size());
    if (same.isEmpty() || different.isEmpty()) {
      return Optional.empty();
    }
    Map<Integer, Integer> places = new LinkedHashMap<>();
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < Math.min(same.size(), different.size()); i++) {
      pairs.add(same.get(i).placed(places));
      pairs.add(different.get(i).placed(places));
    }
    List<Pixels> crops = places.keySet().stream().map(validation::crop).toList();
    return Optional.of(new PairValidation(crops, pairs));
  }

  /**
   * Given pairs.
   *
   * @param crops that the pairs show
   * @throws DataException if a set lacks pairs of one person or of two
   */
  public static PairValidation of(ScratchTrainingSet crops, List<PairRow> rows) {
    Map<String, Integer> faces = new HashMap<>();
    for (int i = 0; i < crops.size(); i++) {
      faces.put(FaceId.imageId(crops.faceId(i)), i);
    }
    Map<Integer, Integer> places = new LinkedHashMap<>();
    List<Pair> pairs =
        rows.stream()
            .sorted(Comparator.comparingInt(PairRow::position))
            .filter(row -> faces.containsKey(row.leftImageId()) && faces.containsKey(row.rightImageId()))
            .map(row -> new Pair(faces.get(row.leftImageId()), faces.get(row.rightImageId()), row.same()))
            .map(pair -> pair.placed(places))
            .toList();
    long same = pairs.stream().filter(Pair::same).count();
    if (same == 0 || same == pairs.size()) {
      throw new DataException(
          "data.validation.source: %d of its %d pairs have both faces, %d of them of one person; validation needs pairs of one person and of two"
              .formatted(pairs.size(), rows.size(), same));
    }
    return new PairValidation(places.keySet().stream().map(crops::crop).toList(), pairs);
  }

  /** Of all pairs that show one person, those with the lowest hashes. */
  private static List<Pair> samePairs(TrainingSet crops, int most) {
    List<List<Integer>> byIdentity = new ArrayList<>();
    for (int label = 0; label < crops.classes(); label++) {
      byIdentity.add(new ArrayList<>());
    }
    for (int i = 0; i < crops.size(); i++) {
      byIdentity.get(crops.label(i)).add(i);
    }
    Comparator<Pair> order =
        Comparator.<Pair>comparingLong(
                pair -> SeededHash.of(crops.faceHash(pair.left()), crops.faceHash(pair.right())))
            .thenComparingInt(Pair::left)
            .thenComparingInt(Pair::right);
    PriorityQueue<Pair> lowest = new PriorityQueue<>(order.reversed());
    for (List<Integer> own : byIdentity) {
      for (int i = 0; i < own.size(); i++) {
        for (int j = i + 1; j < own.size(); j++) {
          lowest.add(new Pair(own.get(i), own.get(j), true));
          if (lowest.size() > most) {
            lowest.poll();
          }
        }
      }
    }
    List<Pair> chosen = new ArrayList<>(lowest);
    chosen.sort(order);
    return chosen;
  }

  private static List<Pair> differentPairs(TrainingSet crops, int wanted) {
    List<Pair> drawn = new ArrayList<>();
    if (crops.classes() < 2) {
      return drawn;
    }
    for (long draw = 0; drawn.size() < wanted; draw++) {
      int left = (int) Long.remainderUnsigned(SeededHash.of(draw, 0), crops.size());
      int right = (int) Long.remainderUnsigned(SeededHash.of(draw, 1), crops.size());
      if (crops.label(left) != crops.label(right)) {
        drawn.add(new Pair(left, right, false));
      }
    }
    return drawn;
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
