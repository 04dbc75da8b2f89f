package io.facet.pipelines.cli;

import io.facet.models.embed.EmbedderLoader;
import io.facet.models.weights.WeightNaming;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.doctor.Check;
import io.facet.pipelines.doctor.DataCheck;
import io.facet.pipelines.doctor.DetectorCheck;
import io.facet.pipelines.doctor.DeviceCheck;
import io.facet.pipelines.doctor.DiskCheck;
import io.facet.pipelines.doctor.Doctor;
import io.facet.pipelines.doctor.FlinkCheck;
import io.facet.pipelines.doctor.JavaCheck;
import io.facet.pipelines.doctor.MlflowCheck;
import io.facet.pipelines.doctor.NativeCheck;
import io.facet.pipelines.doctor.PlanCheck;
import io.facet.pipelines.doctor.RecipeCheck;
import io.facet.pipelines.doctor.SharedStoreCheck;
import io.facet.pipelines.doctor.SlotsCheck;
import io.facet.pipelines.doctor.StorageCheck;
import io.facet.pipelines.doctor.TeacherCheck;
import io.facet.pipelines.doctor.WorkerLibrariesCheck;
import io.facet.pipelines.doctor.Workers;
import io.facet.pipelines.evaluate.ModelFiles;
import io.facet.pipelines.flink.FlinkCluster;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.pipelines.mlflow.TrackingTarget;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.recipe.FrozenRecipe;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.recipe.TeacherRecipe;
import io.facet.pipelines.recipe.WeightsRecipe;
import io.facet.pipelines.run.RecipeRun;
import io.facet.pipelines.run.RunRequest;
import io.facet.pipelines.stage.Libraries;
import io.facet.transforms.file.LocalCopies;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at everything a run needs before it is needed. */
@Command(
    name = "doctor",
    description =
        "Checks Java, native libraries, disk, MLflow, a recipe with its data, and a Flink cluster;"
            + " says each cure.",
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE",
      description = "A recipe to check with its data and weights.")
  private Path recipe;

  @Option(
      names = "--device",
      paramLabel = "NAME",
      description =
          "Train twenty steps on auto, cpu, cuda or cuda:N and on the processor, and compare.")
  private Optional<String> device;

  @Mixin private RunOptions options;
  @Spec private CommandSpec spec;

  private RunRequest request;

  @Override
  public Integer call() {
    request = options.request(recipe, spec);
    Doctor doctor = new Doctor(spec.commandLine().getOut());
    doctor.examine(new JavaCheck());
    doctor.examine(new NativeCheck());
    device.ifPresent(wanted -> doctor.examine(new DeviceCheck(wanted)));
    doctor.examine(new DiskCheck(request.folder()));
    doctor.examine(new StorageCheck(request.storeRoot()));
    Optional<RecipeFile> file = Optional.ofNullable(recipe).flatMap(path -> examine(doctor, path));
    doctor.examine(mlflow(file));
    if (!request.flinkMaster().equals(RunnerOptions.LOCAL)) {
      examine(doctor, FlinkCluster.at(request.flinkMaster()));
    }
    return doctor.conclude();
  }

  private Optional<RecipeFile> examine(Doctor doctor, Path path) {
    RecipeCheck reading = new RecipeCheck(path, request.settings());
    if (!doctor.examine(reading)) {
      return Optional.empty();
    }
    RecipeFile file = reading.file();
    boolean data = doctor.examine(new DataCheck(file.recipe()));
    boolean detector = doctor.examine(new DetectorCheck(file.recipe()));
    boolean teachers = true;
    for (TeacherRecipe teacher : file.recipe().teachers()) {
      Optional<TeacherCheck> check = teacher(file.recipe(), teacher);
      teachers &= check.isEmpty() || doctor.examine(check.get());
    }
    if (data && detector && teachers) {
      doctor.examine(new PlanCheck(() -> plan(file)));
    }
    return Optional.of(file);
  }

  private Plan plan(RecipeFile file) {
    try (ArtifactStore store = ArtifactStore.open(request.storeRoot())) {
      return RecipeRun.plan(file, store, request);
    }
  }

  /** The check of a teacher that is imported from a file here; others are looked at by the plan. */
  private static Optional<TeacherCheck> teacher(Recipe recipe, TeacherRecipe teacher) {
    Optional<WeightsRecipe> file =
        teacher.frozen().map(FrozenRecipe::file).or(teacher::weights).filter(WeightsRecipe::local);
    return file.map(
        weights ->
            new TeacherCheck(
                teacher.name(),
                teacher
                    .frozen()
                    .map(f -> OptionalInt.of(f.embedding()))
                    .orElse(OptionalInt.empty()),
                () ->
                    ModelFiles.open(
                        Path.of(LocalCopies.of(recipe.data().resolve(weights.path()))),
                        described(teacher))));
  }

  private static EmbedderLoader.Described described(TeacherRecipe teacher) {
    return new EmbedderLoader.Described(
        teacher.backbone(),
        teacher.weights().map(WeightsRecipe::naming).orElse(WeightNaming.FACET),
        teacher
            .frozen()
            .flatMap(FrozenRecipe::input)
            .or(() -> teacher.weights().map(WeightsRecipe::input)),
        Optional.empty(),
        teacher.frozen().flatMap(FrozenRecipe::output));
  }

  /** A wrong address is a finding too. */
  private Check mlflow(Optional<RecipeFile> file) {
    Optional<String> asked =
        request.trackingUri().or(() -> file.flatMap(found -> found.recipe().tracking().uri()));
    return new MlflowCheck(
        () -> TrackingTarget.of(asked, request.folder()).options(),
        file.map(found -> found.recipe().tracking().experiment()));
  }

  private void examine(Doctor doctor, FlinkCluster cluster) {
    boolean found =
        doctor.examine(new FlinkCheck(cluster, Libraries.versions().get("flink")))
            && doctor.examine(new SlotsCheck(cluster));
    if (found) {
      Workers workers = new Workers(cluster, request.storeRoot());
      doctor.examine(new WorkerLibrariesCheck(workers));
      doctor.examine(new SharedStoreCheck(workers));
    }
  }
}
