package io.facet.models.distill.part;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.facet.models.tensor.BatchNormalisation;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.TorchOps;

/**
 * A trained map from one square feature map to the shape of another, dropped at inference:
 * convolution, batch normalisation, perhaps ReLU.
 *
 * <p>Half the side: 3x3 with stride 2. One or two cells less, or none: an unpadded convolution of
 * that size. Much smaller: averaged down, then 1x1. Larger: interpolated, then 3x3.
 */
public final class MapRegressor extends Layer {
  private static final int LARGEST_UNPADDED = 3;

  private final int before;
  private final Convolution convolution;
  private final BatchNormalisation norm;
  private final boolean relu;

  /**
   * A regressor without values yet.
   *
   * @param from {@code (C, H, H)}
   * @param to {@code (C', H', H')}
   */
  public MapRegressor(Shape from, Shape to, boolean relu) {
    this.relu = relu;
    int side = (int) from.get(1);
    int wanted = (int) to.get(1);
    boolean halved = side == 2 * wanted;
    boolean near = side >= wanted && side - wanted < LARGEST_UNPADDED;
    int kernel = halved || side < wanted ? 3 : near ? 1 + side - wanted : 1;
    before = halved || near ? side : wanted;
    Convolution.Builder builder = Convolution.of((int) from.get(0), (int) to.get(0), kernel);
    if (halved) {
      builder.stride(2);
    }
    if (halved || side < wanted) {
      builder.padding(1);
    }
    convolution = child("convolution", builder.build());
    norm = child("norm", new BatchNormalisation((int) to.get(0)));
  }

  /** {@code (B, C, H, H)} to {@code (B, C', H', H')}. */
  public NDArray forward(NDArray map) {
    int side = (int) map.getShape().get(2);
    NDArray sized =
        side < before
            ? TorchOps.resize(map, before)
            : side > before ? TorchOps.averagePool(map, before) : map;
    NDArray normalised = norm.forward(convolution.forward(sized), true);
    return relu ? Activation.relu(normalised) : normalised;
  }
}
