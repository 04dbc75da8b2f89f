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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The scored pairs of one model and one verification set in the order of its list, column by
 * column: 21 bytes a pair, 25 where the list has folds, and each face once.
 */
public final class ScoredPairs {
  /** Digested at once. */
  private static final int CHUNK = 1 << 16;

  private final Columns columns;
  private final List<String> faces;

  /** The image that each face is on. */
  private final List<String> images;

  /** Number of the person on each face, from 0; -1 if not known. */
  private final int[] people;

  /**
   * What is known of each pair, in order.
   *
   * @param firstFold of all pairs if there are no folds
   * @param folds empty if all pairs have the same
   * @param left number of the face on the first image
   * @param right number of the face on the second image
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Columns(
      int[] positions,
      int firstFold,
      int[] folds,
      boolean[] same,
      double[] scores,
      int[] left,
      int[] right) {
    int fold(int pair) {
      return folds.length == 0 ? firstFold : folds[pair];
    }
  }

  ScoredPairs(Columns columns, List<String> faces, List<String> images, int[] people) {
    this.columns = columns;
    this.faces = faces;
    this.images = images;
    this.people = people;
  }

  /**
   * Takes rows in any order.
   *
   * @param rows all of one model and one set; gone through once
   * @param identities numbers of people by image id, as far as they are known
   */
  public static ScoredPairs of(Iterable<ScoreRow> rows, Map<String, Long> identities) {
    ScoredPairsBuilder builder = new ScoredPairsBuilder();
    rows.forEach(row -> add(row, builder));
    return builder.build(identities);
  }

  /**
   * Takes rows of several sets in any order.
   *
   * @param rows all of one model; gone through once
   * @param identities numbers of people by set and image id, as far as they are known
   * @return by set
   */
  public static Map<String, ScoredPairs> bySet(
      Iterable<ScoreRow> rows, Map<String, Map<String, Long>> identities) {
    Map<String, ScoredPairsBuilder> builders = new TreeMap<>();
    rows.forEach(
        row -> add(row, builders.computeIfAbsent(row.set(), set -> new ScoredPairsBuilder())));
    Map<String, ScoredPairs> pairs = new TreeMap<>();
    builders.forEach(
        (set, builder) -> pairs.put(set, builder.build(identities.getOrDefault(set, Map.of()))));
    return pairs;
  }

  private static void add(ScoreRow row, ScoredPairsBuilder builder) {
    builder.add(
        row.position(),
        row.fold(),
        row.same(),
        builder.face(row.leftFaceId(), row.leftImageId()),
        builder.face(row.rightFaceId(), row.rightImageId()),
        row.score());
  }

  /** Number of pairs. */
  public int size() {
    return columns.scores.length;
  }

  /** Whether both images of each pair show one person; not copied. */
  boolean[] same() {
    return columns.same;
  }

  /**
   * Those of the pairs that another model judged as well: of the same place in the list, the same
   * kind and the same images.
   */
  public ScoredPairs common(ScoredPairs other) {
    Map<String, Integer> places = new HashMap<>();
    int[] ours = places(images, places);
    int[] theirs = places(other.images, places);
    int[] kept = new int[size()];
    int count = 0;
    for (int i = 0, j = 0; i < size(); i++) {
      int position = columns.positions[i];
      while (j < other.size() && other.columns.positions[j] < position) {
        j++;
      }
      if (j < other.size()
          && other.columns.positions[j] == position
          && other.columns.same[j] == columns.same[i]
          && theirs[other.columns.left[j]] == ours[columns.left[i]]
          && theirs[other.columns.right[j]] == ours[columns.right[i]]) {
        kept[count++] = i;
      }
    }
    return count == size() ? this : taken(Arrays.copyOf(kept, count));
  }

  /** Where each image stands among all that were seen. */
  private static int[] places(List<String> images, Map<String, Integer> seen) {
    return images.stream()
        .mapToInt(image -> seen.computeIfAbsent(image, added -> seen.size()))
        .toArray();
  }

  /** As if only these pairs had come. */
  private ScoredPairs taken(int[] kept) {
    ScoredPairsBuilder builder = new ScoredPairsBuilder();
    Map<String, Long> identities = new HashMap<>();
    for (int face = 0; face < people.length; face++) {
      if (people[face] >= 0) {
        identities.put(images.get(face), (long) people[face]);
      }
    }
    for (int pair : kept) {
      int left = columns.left[pair];
      int right = columns.right[pair];
      builder.add(
          columns.positions[pair],
          columns.fold(pair),
          columns.same[pair],
          builder.face(faces.get(left), images.get(left)),
          builder.face(faces.get(right), images.get(right)),
          columns.scores[pair]);
    }
    return builder.build(identities);
  }

  /** The pairs as the protocols want them; without folds of their own {@link EvenFolds}. */
  public PairScores pairs() {
    int[] given = columns.folds;
    if (given.length == 0) {
      given = size() < TenFoldAccuracy.FOLDS ? new int[size()] : EvenFolds.of(columns.same);
    }
    return new PairScores(columns.scores, columns.same, given);
  }

  /**
   * Number of the person on the first image of each pair, from 0 by rising number of the identity;
   * empty if somebody is not known.
   */
  int[] leftPeople() {
    return people(columns.left);
  }

  /** The same of the second image. */
  int[] rightPeople() {
    return people(columns.right);
  }

  private int[] people(int[] side) {
    boolean allKnown = Arrays.stream(people).allMatch(one -> one >= 0);
    int[] numbers = new int[allKnown ? side.length : 0];
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
    return Resampling.of(unit, columns.same, leftPeople(), rightPeople());
  }

  /** SHA-256 over position, fold, kind and faces of each pair. */
  String digest() {
    MessageDigest digest = Sha256.begin();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < size(); i++) {
      text.append(columns.positions[i])
          .append(' ')
          .append(columns.fold(i))
          .append(columns.same[i] ? " same " : " different ")
          .append(faces.get(columns.left[i]))
          .append(' ')
          .append(faces.get(columns.right[i]))
          .append('\n');
      if (text.length() > CHUNK) {
        digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
      }
    }
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest.digest());
  }
}
