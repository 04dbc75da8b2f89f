package io.facet.models.train.augment;

import io.facet.models.face.Pixels;
import io.facet.models.option.Extension;
import java.util.SplittableRandom;

/** One way to change a training crop: {@code crop}, {@code colour}, {@code blur}, ... */
public interface Augmentation<O extends Record> extends Extension<O> {
  /** Share of the crops that are changed, in [0, 1]; the others stay as they are. */
  double probability(O options);

  /**
   * The changed crop, of the same size.
   *
   * @param crop left as it is
   * @param random seeded by run, epoch, face and place in the recipe's list; the only source of
   *     chance
   */
  Pixels apply(O options, Pixels crop, SplittableRandom random);
}
