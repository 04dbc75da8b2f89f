package io.facet.models.train.augment;

import io.facet.models.face.Pixels;
import io.facet.models.option.Extension;
import java.util.SplittableRandom;

/** One way to change a training crop: {@code crop}, {@code colour}, {@code blur}, ... */
public interface Augmentation<O extends Record> extends Extension<O> {
  /** Share of the crops that are changed, in [0, 1]; the others stay as they are. */
  double probability(O options);

  /**
   * Whether it moves the face within the crop, so that maps and tokens of the unchanged crop lie
   * elsewhere. A teacher that runs live sees the same move.
   */
  default boolean geometric() {
    return false;
  }

  /**
   * The changed crop, of the same size.
   *
   * @param crop left as it is
   * @param random seeded by run, epoch, face and place in the recipe's list; the only source of
   *     chance
   */
  Pixels apply(O options, Pixels crop, SplittableRandom random);
}
