package io.facet.models.backbone;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** How a network runs its blocks: {@link Network#block}. */
@FunctionalInterface
interface BlockRun {
  NDArray run(NDArray x, UnaryOperator<NDArray> block);
}
