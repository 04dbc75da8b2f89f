package io.facet.pipelines.init;

import io.facet.models.DataException;
import io.facet.models.face.Pixels;
import io.facet.models.tensor.SeededHash;
import io.facet.models.train.data.TrainingSet;
import io.facet.transforms.train.BalancedPairs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The people of a folder that are never trained on, and pairs of their images to measure models
 * with: a fifth of those with two images or more, chosen by a hash of their names.
 *
 * @param names of the people, in alphabetical order
 * @param images of these people
 * @param pairs half of them of one person, as far as there are so many
 */
public record HeldOutPeople(List<String> names, int images, List<Pair> pairs) {
  private static final int ONE_IN = 5;
  private static final int LEAST = 2;
  private static final int MOST = 500;
  private static final int MOST_PAIRS_OF_A_KIND = 1500;

  /** Two images of the folder, and whether one person is in both. */
  public record Pair(String left, String right, boolean same) {}

  /**
   * Chooses.
   *
   * @throws DataException if there are too few people for both training and verification
   */
  public static HeldOutPeople of(FolderSurvey survey) {
    List<String> several =
        survey.people().entrySet().stream()
            .filter(person -> person.getValue().size() > 1)
            .map(Map.Entry::getKey)
            .sorted(Comparator.<String>comparingLong(SeededHash::of).thenComparing(name -> name))
            .toList();
    if (several.size() < LEAST || survey.people().size() < 2 * LEAST) {
      throw new DataException(
          "%s: %d people, %d of them with two images or more; training and verification need two people each. Give a folder with one folder of images for each person"
              .formatted(survey.folder(), survey.people().size(), several.size()));
    }
    int wanted =
        Math.min(several.size(), Math.max(LEAST, Math.min(MOST, survey.people().size() / ONE_IN)));
    List<String> chosen = several.subList(0, wanted).stream().sorted().toList();
    Names names = new Names(survey, chosen);
    BalancedPairs drawn = new BalancedPairs(names);
    List<BalancedPairs.Drawn> same = drawn.same(MOST_PAIRS_OF_A_KIND);
    List<Pair> pairs = new ArrayList<>();
    same.forEach(pair -> pairs.add(names.pair(pair, true)));
    drawn.different(same.size()).forEach(pair -> pairs.add(names.pair(pair, false)));
    return new HeldOutPeople(chosen, names.size(), pairs);
  }

  /** The pairs as comma-separated values: {@code left,right,same}. */
  public String csv() {
    return pairs.stream()
        .map(
            pair ->
                "%s,%s,%d\n"
                    .formatted(quoted(pair.left()), quoted(pair.right()), pair.same() ? 1 : 0))
        .collect(Collectors.joining("", "left,right,same\n", ""));
  }

  private static String quoted(String name) {
    return name.matches(".*[,\"\\s].*") ? '"' + name.replace("\"", "\"\"") + '"' : name;
  }

  /** Names and people of images, for drawing pairs. */
  private static final class Names implements TrainingSet {
    private final List<String> images = new ArrayList<>();
    private final List<Integer> labels = new ArrayList<>();
    private final int classes;

    Names(FolderSurvey survey, List<String> people) {
      classes = people.size();
      for (int label = 0; label < classes; label++) {
        for (String image : survey.people().get(people.get(label))) {
          images.add(image);
          labels.add(label);
        }
      }
    }

    Pair pair(BalancedPairs.Drawn drawn, boolean same) {
      return new Pair(images.get(drawn.left()), images.get(drawn.right()), same);
    }

    @Override
    public int size() {
      return images.size();
    }

    @Override
    public int classes() {
      return classes;
    }

    @Override
    public int label(int index) {
      return labels.get(index);
    }

    @Override
    public String faceId(int index) {
      return images.get(index);
    }

    @Override
    public Pixels crop(int index) {
      throw new UnsupportedOperationException("only names are known");
    }
  }
}
