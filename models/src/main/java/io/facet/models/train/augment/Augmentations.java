package io.facet.models.train.augment;

import io.facet.models.face.Pixels;
import io.facet.models.option.Selected;
import io.facet.models.tensor.SeededHash;
import java.util.List;
import java.util.SplittableRandom;

/** The augmentations of a run, one after the other. */
public final class Augmentations {
  private static final long PURPOSE = SeededHash.of("augment");

  private final long seed;
  private final List<Chosen> chosen;

  /** An augmentation with its options, bound once. */
  private record Chosen(Augmentation<Record> augmentation, Record options) {}

  @SuppressWarnings("unchecked") // the options come from the same extension
  public Augmentations(List<Selected<Augmentation<?>>> selected, long seed) {
    this.seed = seed;
    chosen =
        selected.stream()
            .map(
                one ->
                    new Chosen(
                        (Augmentation<Record>) (Augmentation<?>) one.extension(), one.options()))
            .toList();
  }

  /** Whether a teacher that runs live is shown the same crops as the student. */
  public boolean onlyGeometric() {
    return chosen.stream().allMatch(one -> one.augmentation().geometric());
  }

  /** Keys of those that move faces within their crops. */
  public static List<String> geometric(List<Selected<Augmentation<?>>> selected) {
    return selected.stream()
        .filter(one -> one.extension().geometric())
        .map(Selected::key)
        .distinct()
        .toList();
  }

  /**
   * A crop as the student sees it in an epoch: a function of seed, face and epoch.
   *
   * @param faceHash {@link SeededHash#of(String)} of the face's name
   */
  public Pixels apply(Pixels crop, long faceHash, int epoch) {
    return apply(crop, faceHash, epoch, false);
  }

  /** The same crop as a teacher that runs live sees it: moved as the student's, else unchanged. */
  public Pixels moved(Pixels crop, long faceHash, int epoch) {
    return apply(crop, faceHash, epoch, true);
  }

  private Pixels apply(Pixels crop, long faceHash, int epoch, boolean geometricAlone) {
    Pixels changed = crop;
    for (int place = 0; place < chosen.size(); place++) {
      long hash = SeededHash.of(seed, PURPOSE, epoch, faceHash, place);
      Chosen one = chosen.get(place);
      if (geometricAlone && !one.augmentation().geometric()) {
        continue;
      }
      SplittableRandom random = new SplittableRandom(hash);
      if (random.nextDouble() < one.augmentation().probability(one.options())) {
        changed = one.augmentation().apply(one.options(), changed, random);
      }
    }
    return changed;
  }
}
