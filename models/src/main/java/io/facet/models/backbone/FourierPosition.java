package io.facet.models.backbone;

import ai.djl.ndarray.types.Shape;
import io.facet.models.onnx.OnnxGraph;
import io.facet.models.onnx.OnnxTokens;
import io.facet.models.tensor.Convolution;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.LayerSequence;
import io.facet.models.tensor.NewArray;
import java.nio.FloatBuffer;

/**
 * Sine and cosine waves of the row and column, mapped to the tokens' width by a learned 1x1
 * convolution.
 */
final class FourierPosition extends Layer {
  private static final int WAVES = 32;
  private static final double LONGEST = 10000;

  private final Convolution projection;

  FourierPosition(int width) {
    projection =
        child(
            "token_projection",
            Convolution.of(2 * WAVES, width, 1)
                .withBias()
                .initialiser(TransformerInitialisers.WEIGHT)
                .build());
  }

  /** Adds the encodings of all places to tokens {@code (B, H W, width)}. */
  void addTo(LayerSequence steps, EdgeNeXtBlock.Grid grid) {
    Shape shape = new Shape(1, 2 * WAVES, grid.height(), grid.width());
    FloatBuffer waves = FloatBuffer.wrap(waves(grid.height(), grid.width()));
    steps.addPositions(NewArray.of(grid.owner(), projection.device(), waves, shape), projection);
  }

  /** {@code (2 * WAVES, H, W)}: rows first, then columns; sine and cosine alternate. */
  private static float[] waves(int height, int width) {
    float[] values = new float[2 * WAVES * height * width];
    for (int wave = 0; wave < WAVES; wave++) {
      double length = Math.pow(LONGEST, 2.0 * (wave / 2) / WAVES);
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int place = y * width + x;
          values[wave * height * width + place] = wave(wave, turn(y, height) / length);
          values[(WAVES + wave) * height * width + place] = wave(wave, turn(x, width) / length);
        }
      }
    }
    return values;
  }

  /** Position on a full turn, in (0, 2 pi]. */
  private static double turn(int index, int count) {
    return (index + 1) / (count + 1e-6) * 2 * Math.PI;
  }

  private static float wave(int index, double angle) {
    return (float) (index % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
  }

  /** Adds the encodings of all places as tokens, {@code (1, H W, width)}. */
  String writeTo(OnnxGraph graph, int height, int width) {
    String table =
        graph.numbers(
            "waves.%d.%d".formatted(height, width),
            waves(height, width),
            1,
            2 * WAVES,
            height,
            width);
    return new OnnxTokens(graph).tokens(graph.convolution(table, projection));
  }
}
