package io.facet.transforms.score;

import io.facet.models.protocol.EvenFolds;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.Resampling;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.row.ScoreRow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The scored pairs of one model and one verification set in the order of its list, column by
 * column: 21 bytes a pair, 25 where the list has folds, and each face once.
 */
public final class ScoredPairs {
  /** Digested at once. */
  private static final int CHUNK = 1 << 16;

  private final int[] positions;

  /** Empty if all pairs have the same. */
  private final int[] folds;

  private final boolean[] same;
  private final double[] scores;

  /** Number of the face on each side. */
  private final int[] left;

  private final int[] right;
  private final int firstFold;
  private final List<String> faces;

  /** Number of the person on each face, from 0; empty if one of them is not known. */
  private final int[] people;

  private ScoredPairs(Builder builder) {
    int[] order = builder.order();
    positions = taken(builder.positions, order);
    builder.positions = null; // so that no two columns are in memory twice
    folds = builder.folds.length == 0 ? builder.folds : taken(builder.folds, order);
    builder.folds = null;
    left = taken(builder.left, order);
    builder.left = null;
    right = taken(builder.right, order);
    builder.right = null;
    double[] arrived = builder.scores;
    scores = new double[order.length];
    Arrays.setAll(scores, i -> arrived[order[i]]);
    builder.scores = null;
    same = new boolean[order.length];
    for (int i = 0; i < same.length; i++) {
      same[i] = builder.same[order[i]];
    }
    firstFold = builder.firstFold;
    faces = builder.faces;
    people = builder.people();
  }

  private static int[] taken(int[] values, int[] order) {
    int[] taken = new int[order.length];
    Arrays.setAll(taken, i -> values[order[i]]);
    return taken;
  }

  /**
   * Takes rows in any order.
   *
   * @param rows all of one model and one set; gone through once
   * @param identities numbers of people by image id, as far as they are known
   */
  public static ScoredPairs of(Iterable<ScoreRow> rows, Map<String, Long> identities) {
    Builder builder = new Builder(identities);
    rows.forEach(builder::add);
    return new ScoredPairs(builder);
  }

  /** Number of pairs. */
  public int size() {
    return scores.length;
  }

  /** Whether both images of each pair show one person; not copied. */
  boolean[] same() {
    return same;
  }

  /** The pairs as the protocols want them; without folds of their own {@link EvenFolds}. */
  public PairScores pairs() {
    int[] given = folds;
    if (given.length == 0) {
      given = size() < TenFoldAccuracy.FOLDS ? new int[size()] : EvenFolds.of(same);
    }
    return new PairScores(scores, same, given);
  }

  /**
   * Number of the person on the first image of each pair, from 0 by rising number of the identity;
   * empty if somebody is not known.
   */
  int[] leftPeople() {
    return people(left);
  }

  /** The same of the second image. */
  int[] rightPeople() {
    return people(right);
  }

  private int[] people(int[] side) {
    int[] numbers = new int[people.length == 0 ? 0 : side.length];
    Arrays.setAll(numbers, i -> people[side[i]]);
    return numbers;
  }

  /**
   * How the pairs are drawn.
   *
   * @param unit what is drawn; pairs if the identity of any image is not known, or there are fewer
   *     people than {@link Resampling#FEWEST_IDENTITIES}
   */
  public Resampling resampling(ResamplingUnit unit) {
    return Resampling.of(unit, same, leftPeople(), rightPeople());
  }

  /** SHA-256 over position, fold, kind and faces of each pair. */
  String digest() {
    MessageDigest digest = Sha256.begin();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size(); i++) {
      text.append(positions[i])
          .append(' ')
          .append(folds.length == 0 ? firstFold : folds[i])
          .append(same[i] ? " same " : " different ")
          .append(faces.get(left[i]))
          .append(' ')
          .append(faces.get(right[i]))
          .append('\n');
      if (text.length() > CHUNK) {
        digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
      }
    }
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static final class Builder {
    private final Map<String, Long> identities;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<String> faces = new ArrayList<>();
    private long[] identityOfFace = new long[1024];
    private boolean allKnown = true;
    private int count;
    private int[] positions = new int[1024];
    private int[] folds = new int[0];
    private int firstFold;
    private boolean[] same = new boolean[1024];
    private double[] scores = new double[1024];
    private int[] left = new int[1024];
    private int[] right = new int[1024];

    Builder(Map<String, Long> identities) {
      this.identities = identities;
    }

    void add(ScoreRow row) {
      if (count == positions.length) {
        int larger = count + (count >> 1);
        positions = Arrays.copyOf(positions, larger);
        same = Arrays.copyOf(same, larger);
        scores = Arrays.copyOf(scores, larger);
        left = Arrays.copyOf(left, larger);
        right = Arrays.copyOf(right, larger);
        folds = folds.length == 0 ? folds : Arrays.copyOf(folds, larger);
      }
      firstFold = count == 0 ? row.fold() : firstFold;
      if (folds.length == 0 && row.fold() != firstFold) {
        folds = new int[positions.length];
        Arrays.fill(folds, 0, count, firstFold);
      }
      if (folds.length > 0) {
        folds[count] = row.fold();
      }
      positions[count] = row.position();
      same[count] = row.same();
      scores[count] = row.score();
      left[count] = face(row.leftFaceId(), row.leftImageId());
      right[count++] = face(row.rightFaceId(), row.rightImageId());
    }

    private int face(String id, String imageId) {
      Integer known = places.get(id);
      if (known != null) {
        return known;
      }
      int place = faces.size();
      places.put(id, place);
      faces.add(id);
      if (place == identityOfFace.length) {
        identityOfFace = Arrays.copyOf(identityOfFace, 2 * place);
      }
      Long identity = identities.get(imageId);
      allKnown &= identity != null;
      identityOfFace[place] = identity == null ? 0 : identity;
      return place;
    }

    /** Where each pair of the list stands among those that came. */
    int[] order() {
      places.clear();
      long[] keys = new long[count];
      Arrays.setAll(keys, i -> (long) positions[i] << Integer.SIZE | i);
      Arrays.sort(keys);
      int[] order = new int[count];
      Arrays.setAll(order, i -> (int) keys[i]);
      return order;
    }

    int[] people() {
      if (!allKnown) {
        return new int[0];
      }
      long[] ofFace = Arrays.copyOf(identityOfFace, faces.size());
      long[] rising = Arrays.stream(ofFace).sorted().distinct().toArray();
      return Arrays.stream(ofFace).mapToInt(one -> Arrays.binarySearch(rising, one)).toArray();
    }
  }
}
