package io.facet.models.embed;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.Weight;
import io.facet.models.weights.ModelFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Small networks to export. */
public final class TinyModels {
  private TinyModels() {}

  /**
   * A tiny network whose running statistics are no longer the initial ones, and whose small weights
   * are large enough to matter.
   */
  public static ModelFile of(String key, String options, Preprocessing preprocessing) {
    Selected<Backbone<?>> tiny = RecordBinder.select(Backbone.class, key, Yaml.json(options));
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(tiny)) {
      network.initialise(manager, 1);
      Map<String, float[]> values = network.save();
      network
          .weights()
          .forEach(
              (name, weight) -> {
                float[] own = values.get(name);
                if (weight.kind() == Weight.Kind.VECTOR && own[0] < 0.1f) {
                  for (int i = 0; i < own.length; i++) {
                    own[i] += 0.2f * (float) Math.sin(i + name.hashCode());
                  }
                }
              });
      network.load(manager, values);
      try (TensorScope scope = TensorScope.inference(manager, network)) {
        network.embed(
            scope.manager().arange(0f, 4 * 3 * 112 * 112).sin().reshape(new Shape(4, 3, 112, 112)),
            true);
      }
      return ModelFile.of(tiny, preprocessing, network);
    }
  }

  /** Smooth random images: noise has no range that is left over. */
  public static List<Pixels> crops(int count, long seed) {
    Random random = new Random(seed);
    List<Pixels> crops = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bgr = new byte[112 * 112 * 3];
      double[] waves = random.doubles(9, 0.02, 0.2).toArray();
      for (int k = 0; k < bgr.length; k++) {
        int channel = k % 3;
        int x = k / 3 % 112;
        int y = k / 336;
        double value =
            Math.sin(waves[channel] * x + waves[channel + 3] * y + 30 * waves[channel + 6]);
        bgr[k] = (byte) (127 + 100 * value);
      }
      crops.add(new Pixels(112, 112, bgr));
    }
    return crops;
  }
}
