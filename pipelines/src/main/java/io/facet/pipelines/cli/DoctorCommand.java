package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.face.FaceAligner;
import io.facet.models.tensor.Torch;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.tracking.server.MlflowServer;
import io.facet.tracking.server.ServerStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at everything a run needs before it is needed. */
@Command(
    name = "doctor",
    description = "Checks Java, native libraries, disk, MLflow and a recipe; says each cure.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final long ENOUGH_DISK = 2L << 30;
  private static final String DETECTOR_HINT =
      "YuNet's weights (yunet_n_dynamic.onnx) come with the project ShiqiYu/libfacedetection.train;"
          + " put the file where align.detector.yunet.model says";

  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE",
      description = "A recipe to check with its data and weights.")
  private Path recipe;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  private final List<String> troubles = new ArrayList<>();

  /** A check: what it found, or an exception that says the trouble. */
  @FunctionalInterface
  private interface Check {
    String run() throws Exception;
  }

  @Override
  public Integer call() {
    check(
        "java",
        () -> System.getProperty("java.version") + " " + System.getProperty("os.arch"),
        "use a JDK 17 to 21");
    check(
        "pytorch",
        () -> Torch.version() + ", " + Torch.threads() + " threads",
        "the native library of this system is missing: build on this machine ('mvn package')");
    check("disk", this::disk, "free some space, or give another --store");
    check("mlflow", this::mlflow, "start one with './infra/facet track serve', or run without");
    if (recipe != null) {
      check("recipe", this::recipe, "correct the lines named above");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(troubles.isEmpty() ? "all is well" : troubles.size() + " troubles");
    out.flush();
    return troubles.isEmpty() ? 0 : 2;
  }

  private void check(String name, Check check, String cure) {
    PrintWriter out = spec.commandLine().getOut();
    try {
      out.printf("ok      %-10s %s%n", name, check.run());
    } catch (Exception | LinkageError e) {
      troubles.add(name);
      out.printf("TROUBLE %-10s %s%n", name, FailureText.of(e));
      out.printf("        cure:      %s%n", cure);
    }
    out.flush();
  }

  private String disk() throws IOException {
    Path folder = options.store();
    while (!Files.exists(folder)) {
      folder = folder.getParent();
    }
    FileStore store = Files.getFileStore(folder);
    if (store.getUsableSpace() < ENOUGH_DISK) {
      throw new IOException(
          "only %d MB free at %s".formatted(store.getUsableSpace() >> 20, folder));
    }
    return (store.getUsableSpace() >> 30) + " GB free at " + folder;
  }

  private String mlflow() throws IOException {
    ServerStatus status = new MlflowServer(options.store(), System.getenv()).status();
    return switch (status.state()) {
      case RUNNING -> status.uri().orElseThrow().toString();
      case STOPPED -> "no server of this store runs; events stay in the store until one does";
      default -> throw new IOException(status.detail());
    };
  }

  private String recipe() {
    RecipeFile file = RecipeFile.read(recipe, options.settings());
    try (ArtifactStore store = ArtifactStore.open(options.store().toString())) {
      int stages = RecipeRun.plan(file, store).instances().size();
      try (FaceAligner aligner =
          FaceAligner.open(file.recipe().align().relativeTo(file.recipe().data().rootFolder()))) {
        return "%s: %d stages, detector %s loads"
            .formatted(file.recipe().name(), stages, aligner.options().detector().key());
      } catch (DataException e) {
        throw new DataException(e.getMessage() + "; " + DETECTOR_HINT, e);
      }
    }
  }
}
