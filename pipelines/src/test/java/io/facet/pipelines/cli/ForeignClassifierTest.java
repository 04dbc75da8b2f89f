package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.FrozenModel;
import io.facet.models.embed.OnnxExport;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.Npy;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.IdentityNames;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.RecipeFile;
import io.facet.pipelines.stage.TeacherStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Public teachers with the class weights they were trained with, and those of other people. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ForeignClassifierTest {
  private static final int WIDTH = 64;
  private static final Selected<Backbone<?>> NETWORK =
      RecordBinder.select(
          Backbone.class, "iresnet", "{\"depth\": 18, \"width\": 0.125, \"embedding\": 64}");
  private static final String NAMED =
      "    classifier: {path: fc.npy, names: people.txt, namespace: synthetic-1}\n";

  @TempDir Path folder;
  private Path json;
  private ModelFile network;

  /** A network, and class weights of the drawn people, the last first, with three strangers. */
  @BeforeEach
  void publish() throws IOException {
    json = folder.resolve("run.json");
    try (NDManager manager = Torch.newManager();
        Network created = Backbone.create(NETWORK)) {
      created.initialise(manager, 1);
      network = ModelFile.of(NETWORK, Preprocessing.STANDARD, created);
    }
    List<String> people = new ArrayList<>();
    for (int person = 11; person >= 0; person--) {
      people.add(person(person));
    }
    people.addAll(4, List.of("stranger-1", "stranger-2", "stranger-3"));
    classifier(people);
  }

  @Test
  void aPublicTeachersClassWeightsTeachThePeopleOfTheTrainingSet() throws Exception {
    network.write(folder.resolve("teacher.safetensors"));

    JsonSummary summary = run(weights(NAMED), "[th-kd, {margin-distillation: {}}]");

    ModelFile imported =
        ModelFile.read(summary.artifact("teacher[public]").resolve("model.safetensors"));
    assertKnowsThePeople(imported.classifier().orElseThrow());
    assertThat(student(summary, "th-kd").classifier().orElseThrow().identities())
        .as("students know whose their class weights are")
        .isEqualTo(imported.classifier().orElseThrow().identities());
    assertThat(summary.named(false)).contains("distill[margin-distillation#1]");
  }

  @Test
  void classWeightsAndNamesArePartOfTheFingerprint() throws Exception {
    Files.write(folder.resolve("teacher.onnx"), OnnxExport.bytes(network));
    Map<String, String> first = inputs();
    Path names = folder.resolve("people.txt");
    Files.writeString(names, Files.readString(names).replace("stranger-3", "stranger-4"));
    Map<String, String> second = inputs();

    assertThat(first).containsKeys("content.classifier", "content.classifier.names");
    assertThat(second.get("content.classifier")).isEqualTo(first.get("content.classifier"));
    assertThat(second.get("content.classifier.names"))
        .isNotEqualTo(first.get("content.classifier.names"));
  }

  private Map<String, String> inputs() {
    Recipe recipe =
        RecipeFile.parse("tiny.yaml", onnx(NAMED).replace("[METHODS]", "[th-kd]"), List.of())
            .recipe();
    PlanContext context = new PlanContext(recipe, Map.of(), "", folder.toString());
    return new TeacherStage().instances(context).get(0).inputs();
  }

  @Test
  void anOnnxTeacherGetsClassWeightsToo() throws Exception {
    Files.write(folder.resolve("teacher.onnx"), OnnxExport.bytes(network));

    JsonSummary summary = run(onnx(NAMED), "[{th-kd: {studentHead: copied}}]");

    Path model = summary.artifact("teacher[public]").resolve("model.frozen");
    ClassWeights known =
        FrozenModel.read(Files.readAllBytes(model), model.toString()).classifier().orElseThrow();
    assertKnowsThePeople(known);
    assertThat(student(summary, "th-kd").classifier().orElseThrow().rows()).isEqualTo(known.rows());
  }

  @Test
  void classWeightsOfAnotherSplitAreRefusedThoughTheirNumberFits() throws Exception {
    List<String> others = new ArrayList<>();
    for (int i = 0; i < trained(); i++) {
      others.add("other/" + i);
    }
    network
        .withClassifier(
            new ClassWeights(WIDTH, rows(others.size()), Optional.of(IdentityNames.digest(others))))
        .write(folder.resolve("teacher.safetensors"));

    CommandRun run = failed(weights(""), "[feature-consistency, th-kd]");

    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err())
        .contains(
            "th-kd reads the class weights of teacher 'public', but they are of %d other identities than the training set's"
                .formatted(others.size()))
        .contains("classifier: {path: FILE, names: FILE}");
  }

  @Test
  void aPlanRefusesATeacherWhoseClassWeightsNobodyHas() throws Exception {
    network.write(folder.resolve("teacher.safetensors"));
    Files.write(folder.resolve("teacher.onnx"), OnnxExport.bytes(network));

    assertPlanRefused(
        weights(""),
        ExitCodes.DATA,
        "teacher 'public': th-kd reads its class weights, but",
        "teacher.safetensors keeps none; give the teacher classifier: {path: FILE, names: FILE}");
    assertPlanRefused(
        onnx(""),
        ExitCodes.RECIPE,
        "th-kd reads the class weights of teacher 'public' (onnx), which has none for these identities: give the teacher classifier");

    network
        .withClassifier(new ClassWeights(WIDTH, rows(3), Optional.empty()))
        .write(folder.resolve("teacher.safetensors"));
    assertPlanRefused(
        weights(""),
        ExitCodes.DATA,
        "teacher.safetensors does not say of which identities its 3 are");
    assertThat(plan(weights(""), "[feature-consistency]").exitCode())
        .as("a method that reads embeddings alone")
        .isZero();
  }

  @Test
  void aPlanRefusesClassWeightsThatCannotBeUsed() throws Exception {
    Files.write(folder.resolve("teacher.onnx"), OnnxExport.bytes(network));
    Path names = folder.resolve("people.txt");
    String whole = Files.readString(names);

    Files.writeString(names, whole.replace("stranger-2", "stranger-1"));
    assertPlanRefused(onnx(NAMED), ExitCodes.DATA, "people.txt:6: 'stranger-1' already stands on");
    Files.writeString(names, whole + "one-more\n");
    assertPlanRefused(
        onnx(NAMED),
        ExitCodes.DATA,
        "fc.npy holds one array (15 x 64), but",
        "names 16 identities");
    Files.delete(names);
    assertPlanRefused(onnx(NAMED), ExitCodes.DATA, "people.txt: file not found");
  }

  private void assertKnowsThePeople(ClassWeights known) {
    assertThat(known.count()).isEqualTo(trained());
    List<Float> firsts = new ArrayList<>();
    for (int row = 0; row < known.count(); row++) {
      firsts.add(known.rows()[row * WIDTH]);
    }
    assertThat(firsts)
        .as("rows begin with the person's number, ordered as the classes are")
        .isSorted()
        .doesNotContain(-1f);
  }

  /** People of the recipe who are not kept for validation. */
  private static int trained() {
    return 9;
  }

  private static String person(int number) {
    return String.format(Locale.ROOT, "%08d", number);
  }

  /** Rows that begin with the number of their person, -1 for strangers. */
  private void classifier(List<String> people) throws IOException {
    float[] rows = rows(people.size());
    for (int i = 0; i < people.size(); i++) {
      boolean stranger = people.get(i).startsWith("stranger");
      rows[i * WIDTH] = stranger ? -1 : Integer.parseInt(people.get(i));
    }
    Files.write(
        folder.resolve("fc.npy"), Npy.write(new Npy.Floats(new Shape(people.size(), WIDTH), rows)));
    Files.write(folder.resolve("people.txt"), people);
  }

  private static float[] rows(int count) {
    float[] rows = new float[count * WIDTH];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) Math.sin(1 + i);
    }
    return rows;
  }

  private static ModelFile student(JsonSummary summary, String method) {
    return ModelFile.read(
        summary.artifact("distill[" + method + "#1]").resolve("model.safetensors"));
  }

  private String onnx(String classifier) {
    return TinyRecipe.onnxTeacher(folder, "METHODS")
        .replace(
            "    onnx: {path: teacher.onnx, embedding: 64}\n",
            "    onnx: {path: teacher.onnx, embedding: 64}\n" + classifier);
  }

  private String weights(String classifier) {
    return onnx(classifier)
        .replace(
            "onnx: {path: teacher.onnx, embedding: 64}",
            "backbone: {iresnet: {depth: 18, width: 0.125, embedding: 64}}\n    weights: {path: teacher.safetensors}");
  }

  private JsonSummary run(String recipe, String methods) throws Exception {
    return JsonSummary.ofRun(
        json, write(recipe, methods), folder.resolve("store"), "--runner", "DirectRunner");
  }

  private CommandRun failed(String recipe, String methods) throws Exception {
    return CommandRun.of(
        "run",
        write(recipe, methods),
        "--store",
        folder.resolve("store"),
        "--tracking-uri",
        "none",
        "--runner",
        "DirectRunner",
        "--json",
        json);
  }

  private CommandRun plan(String recipe, String methods) throws Exception {
    return CommandRun.of("plan", write(recipe, methods), "--store", folder.resolve("store"));
  }

  private void assertPlanRefused(String recipe, int exitCode, String... words) throws Exception {
    CommandRun plan = plan(recipe, "[th-kd]");
    assertThat(plan.exitCode()).as(plan.said()).isEqualTo(exitCode);
    assertThat(plan.said()).contains(words);
  }

  private Path write(String recipe, String methods) throws IOException {
    return TinyRecipe.write(folder, recipe.replace("[METHODS]", methods));
  }
}
