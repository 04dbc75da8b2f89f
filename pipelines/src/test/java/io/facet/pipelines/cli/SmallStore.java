package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.OnnxExport;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** The store of one run over drawn folders: a public teacher, cached outputs, one student. */
final class SmallStore {
  private final Path folder;

  private SmallStore(Path folder) {
    this.folder = folder;
  }

  /** Draws faces and a teacher into an empty folder. */
  static SmallStore draw(Path folder) throws Exception {
    DrawnFolders.draw(folder);
    Selected<Backbone<?>> backbone =
        RecordBinder.select(
            Backbone.class, "iresnet", "{\"depth\": 18, \"width\": 0.125, \"embedding\": 64}");
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(backbone)) {
      network.initialise(manager, 1);
      Files.write(
          folder.resolve("teacher.onnx"),
          OnnxExport.bytes(ModelFile.of(backbone, Preprocessing.STANDARD, network)));
    }
    TinyRecipe.write(
        folder,
        DrawnFolders.recipe(folder)
                .replace("methods: [none]", "methods: [feature-consistency]")
                .replace("distill:\n", "distill:\n  teacher: public\n")
                .replace("{share: 0}", "{share: 0, pairs: 10}")
            + "teachers: [{name: public, onnx: {path: teacher.onnx, embedding: 64}}]\n");
    return new SmallStore(folder);
  }

  /** Runs the recipe. */
  SmallStore run() {
    CommandRun run = of("run", recipe(), "--tracking-uri", "none");
    assertThat(run.exitCode()).as(run.said()).isZero();
    return this;
  }

  /** A command over the store. */
  CommandRun of(String command, Object... arguments) {
    Object[] all = new Object[arguments.length + 3];
    all[0] = command;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "--store";
    all[all.length - 1] = path();
    return CommandRun.of(all);
  }

  /** The store. */
  Path path() {
    return folder.resolve("store");
  }

  /** The recipe. */
  Path recipe() {
    return folder.resolve("tiny.yaml");
  }

  /** A file of the sources. */
  Path image(String name) {
    return folder.resolve(name);
  }
}
