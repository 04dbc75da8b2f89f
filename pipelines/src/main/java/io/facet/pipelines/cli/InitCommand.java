package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.init.FirstRecipe;
import io.facet.pipelines.init.FolderSurvey;
import io.facet.pipelines.init.HeldOutPeople;
import io.facet.pipelines.init.NearbyDetector;
import io.facet.pipelines.plan.ResumeCommand;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.registry.ModelReference;
import io.facet.pipelines.registry.RegisteredModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at a folder of images and writes a recipe that trains and measures on them. */
@Command(
    name = "init",
    description = {
      "Looks at a folder of images, one folder for each person, and writes a commented recipe that"
          + " trains and measures on them.",
      "A fifth of the people is held out for the verification set; their pairs and names are"
          + " written beside the recipe."
    },
    mixinStandardHelpOptions = true)
final class InitCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FOLDER", description = "Images: FOLDER/PERSON/IMAGE.")
  private Path folder;

  @Option(
      names = "--teacher",
      paramLabel = "FILE",
      description =
          "A teacher: ONNX, TorchScript, or a model file of Facet; or models:/NAME@ALIAS or"
              + " models:/NAME/VERSION of MLflow's registry.")
  private String teacher;

  @Mixin private RegistryOption registry;

  @Option(
      names = "--detector",
      paramLabel = "FILE",
      description =
          "YuNet's weights (yunet_n_dynamic.onnx) for images that are not aligned faces; looked for"
              + " near FOLDER and the teacher otherwise.")
  private Path detector;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where recipe, pairs and names are written (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Option(names = "--force", description = "Overwrite files that are there.")
  private boolean force;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    FolderSurvey survey = FolderSurvey.of(folder);
    say("%s: %s".formatted(survey.folder(), survey.describe()));
    HeldOutPeople heldOut = HeldOutPeople.of(survey);
    Optional<Path> model = survey.aligned() ? Optional.empty() : Optional.of(detector(survey));
    say(
        model
            .map(file -> "  faces are found and aligned with " + file)
            .orElse("  aligned faces already: no detector is needed"));
    Optional<TeacherSection> section = teacher == null ? Optional.empty() : Optional.of(section());
    section.ifPresent(found -> say("  teacher: " + found.describe()));
    say(
        "  verification: %d pairs of %d people, %d images; training: the others"
            .formatted(heldOut.pairs().size(), heldOut.names().size(), heldOut.images()));

    String name = name(survey.folder());
    Path recipe = output.resolve(name + ".yaml");
    Path pairs = output.resolve(name + "-pairs.csv");
    Path names = output.resolve(name + "-verification-people.txt");
    String text =
        new FirstRecipe(
                name,
                survey,
                heldOut,
                absolute(pairs),
                absolute(names),
                model,
                section.map(TeacherSection::yaml))
            .yaml();
    RecipeFile.parse(recipe.toString(), text, List.of());
    refuseOverwriting(List.of(recipe, pairs, names));
    Files.createDirectories(output);
    Files.writeString(pairs, heldOut.csv(), StandardCharsets.UTF_8);
    Files.writeString(names, String.join("\n", heldOut.names()) + "\n", StandardCharsets.UTF_8);
    Files.writeString(recipe, text, StandardCharsets.UTF_8);
    say("wrote %s, %s, %s".formatted(recipe, pairs, names));
    say("next:");
    say("  " + ResumeCommand.text("./infra/facet", List.of("doctor", recipe.toString())));
    say("  " + ResumeCommand.text("./infra/facet", List.of("run", recipe.toString())));
    return 0;
  }

  private TeacherSection section() throws IOException {
    Optional<RegisteredModel> registered = registry.find(teacher);
    return registered.isPresent()
        ? TeacherSection.of(registered.get(), teacher)
        : TeacherSection.of(Path.of(teacher));
  }

  private Path detector(FolderSurvey survey) throws IOException {
    List<Path> near = new ArrayList<>();
    near.add(absolute(output));
    near.add(survey.folder());
    near.add(survey.folder().getParent());
    if (teacher != null && !ModelReference.is(teacher)) {
      Path file = absolute(Path.of(teacher));
      near.add(file.getParent());
      near.add(file.getParent().getParent());
    }
    return detector != null
        ? NearbyDetector.checked(absolute(detector))
        : NearbyDetector.in(near)
            .orElseThrow(
                () ->
                    new DataException(
                        "the images are not aligned faces of 112x112 pixels, and no face detector"
                            + " was found near them; get yunet_n_dynamic.onnx of the project"
                            + " ShiqiYu/libfacedetection.train and name it with --detector FILE"));
  }

  private void refuseOverwriting(List<Path> files) {
    for (Path file : files) {
      if (!force && Files.exists(file)) {
        throw new RecipeException(
            file + " is there already; give another --output DIR, or --force to overwrite it");
      }
    }
  }

  /** The folder's name as recipes may be called. */
  private static String name(Path folder) {
    String name =
        folder
            .getFileName()
            .toString()
            .replaceAll("[^A-Za-z0-9._-]+", "-")
            .replaceAll("^[^A-Za-z0-9]+", "");
    return name.isEmpty() ? "faces" : name;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
