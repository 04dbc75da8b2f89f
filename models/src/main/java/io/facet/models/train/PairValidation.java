package io.facet.models.train;

import io.facet.models.DataException;
import io.facet.models.backbone.Embedder;
import io.facet.models.face.Pixels;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.TenFoldAccuracy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ten-fold verification accuracy on pairs drawn from identities that were kept out of training:
 * half of the pairs show one identity. Logged as {@code validation/accuracy}.
 */
public final class PairValidation implements EpochValidation {
  private static final int CHUNK = 64;

  private final TrainingSet set;
  private final int[] left;
  private final int[] right;
  private final boolean[] same;

  /**
   * Draws the pairs, a function of set and seed.
   *
   * @param set crops of the identities kept out
   * @param pairs number of pairs
   * @throws DataException if no identity has two crops
   */
  public PairValidation(TrainingSet set, int pairs, long seed) {
    this.set = set;
    Map<Integer, List<Integer>> byClass = new TreeMap<>();
    for (int i = 0; i < set.size(); i++) {
      byClass.computeIfAbsent(set.label(i), c -> new ArrayList<>()).add(i);
    }
    List<List<Integer>> all = List.copyOf(byClass.values());
    List<List<Integer>> several = all.stream().filter(crops -> crops.size() > 1).toList();
    if (several.isEmpty() || all.size() < 2) {
      throw new DataException(
          "validation needs two identities and two crops of one of them, has %d identities in %d crops; raise data.validation.share"
              .formatted(all.size(), set.size()));
    }
    left = new int[pairs];
    right = new int[pairs];
    same = new boolean[pairs];
    for (int pair = 0; pair < pairs; pair++) {
      same[pair] = pair % 2 == 0;
      List<List<Integer>> from = same[pair] ? several : all;
      int first = draw(seed, pair, 0, from.size());
      if (same[pair]) {
        List<Integer> crops = from.get(first);
        int one = draw(seed, pair, 1, crops.size());
        int other = draw(seed, pair, 2, crops.size() - 1);
        left[pair] = crops.get(one);
        right[pair] = crops.get(other < one ? other : other + 1);
      } else {
        int second = draw(seed, pair, 3, from.size() - 1);
        second = second < first ? second : second + 1;
        left[pair] = from.get(first).get(draw(seed, pair, 1, from.get(first).size()));
        right[pair] = from.get(second).get(draw(seed, pair, 2, from.get(second).size()));
      }
    }
  }

  private static int draw(long seed, int pair, int purpose, int bound) {
    return (int) Long.remainderUnsigned(SeededHash.of(seed, pair, purpose), bound);
  }

  @Override
  public Map<String, Double> measure(int epoch, Embedder student) {
    Map<Integer, float[]> embeddings = new HashMap<>();
    List<Integer> wanted = wanted();
    for (int start = 0; start < wanted.size(); start += CHUNK) {
      List<Integer> chunk = wanted.subList(start, Math.min(start + CHUNK, wanted.size()));
      List<Pixels> crops = chunk.stream().map(set::crop).toList();
      float[][] rows = student.embed(crops);
      for (int i = 0; i < rows.length; i++) {
        embeddings.put(chunk.get(i), rows[i]);
      }
    }
    double[] scores = new double[same.length];
    for (int pair = 0; pair < scores.length; pair++) {
      scores[pair] = EmbeddingMath.cosine(embeddings.get(left[pair]), embeddings.get(right[pair]));
    }
    return Map.of("accuracy", TenFoldAccuracy.measure(PairScores.of(scores, same)).mean());
  }

  private List<Integer> wanted() {
    return java.util.stream.IntStream.concat(
            java.util.Arrays.stream(left), java.util.Arrays.stream(right))
        .sorted()
        .distinct()
        .boxed()
        .toList();
  }
}
