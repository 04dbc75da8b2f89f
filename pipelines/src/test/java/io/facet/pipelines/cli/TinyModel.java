package io.facet.pipelines.cli;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import java.nio.file.Path;

/** The file of a very small network that has learnt nothing. */
final class TinyModel {
  private TinyModel() {}

  /** Writes {@code model.safetensors} into a folder; embeddings have that width. */
  static Path write(Path folder, int embedding) {
    Selected<Backbone<?>> backbone =
        RecordBinder.select(
            Backbone.class,
            "mobilefacenet",
            "{\"width\": 0.125, \"embedding\": %d}".formatted(embedding));
    Path file = folder.resolve("model.safetensors");
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(backbone)) {
      network.initialise(manager, 1);
      ModelFile.of(backbone, Preprocessing.STANDARD, network).write(file);
    }
    return file;
  }
}
