package io.facet.pipelines.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.facet.models.RecipeException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of mistake: the line, what is wrong, and the cure, in one message. */
class RecipeMistakesTest {
  private static Stream<Arguments> mistakes() {
    return Stream.of(
        replaced(
            "misspelt key",
            "seed: 7",
            "sede: 7",
            "demo.yaml:2: sede: unknown key 'sede' (did you mean 'seed'?); allowed: name, seed,"),
        replaced(
            "unknown baseline",
            "seed: 7",
            "seed: 7\nevaluate: {baseline: l2}",
            "demo.yaml:3: evaluate.baseline: 'l2' is neither a method nor a teacher of this recipe; methods: ["),
        replaced(
            "unknown figure of the gate",
            "seed: 7",
            "seed: 7\npublish: {gate: {guarded: [accuracy, speed]}}",
            "demo.yaml:3: publish.gate.guarded[1]: unknown figure 'speed'; known: accuracy, area-"),
        replaced(
            "main figure of the gate on no set",
            "seed: 7",
            "seed: 7\npublish: {gate: {main: nowhere/accuracy}}",
            "demo.yaml:3: publish.gate.main: must be SET/FIGURE with a set of ["),
        replaced(
            "model name that is not a folder",
            "seed: 7",
            "seed: 7\npublish: {model: a/b}",
            "demo.yaml:3: publish.model: must start with a letter or digit, then letters,"),
        replaced(
            "misspelt nested key",
            "  epochs: 3",
            "  epoch: 3",
            "demo.yaml:30: distill.epoch: unknown key 'epoch' (did you mean 'epochs'?)"),
        replaced(
            "key of another section",
            "  tokens: 4",
            "  tokens: 4\n  sedes: [1]",
            "demo.yaml:27: prompt.sedes: unknown key 'sedes'"),
        replaced(
            "missing key",
            "  student: mobilefacenet\n",
            "",
            "demo.yaml:27: distill: missing key 'student' (The student's network.)"),
        replaced(
            "missing section",
            "align:\n  detector: given\n",
            "",
            "demo.yaml:1: missing key 'align'"),
        replaced(
            "text for a number",
            "  epochs: 3",
            "  epochs: three",
            "demo.yaml:30: distill.epochs: must be a whole number, is the text 'three'"),
        replaced(
            "fraction for a whole number",
            "  batchSize: 16",
            "  batchSize: 16.5",
            "demo.yaml:31: distill.batchSize: must be a whole number, is 16.5"),
        replaced(
            "out of range",
            "  batchSize: 16",
            "  batchSize: 0",
            "demo.yaml:31: distill.batchSize: must lie in [1, 65536], is 0"),
        replaced(
            "text for a learning rate",
            "  batchSize: 16",
            "  learningRate: fast",
            "demo.yaml:31: distill.learningRate: must be a number, is the text 'fast'; or give a mapping with the keys base, batch"),
        replaced(
            "learning rate that is too high",
            "  batchSize: 16",
            "  learningRate: 101",
            "demo.yaml:31: distill.learningRate: must lie in (0, 100], is 101.0; or give a mapping"),
        replaced(
            "learning rate for no batch",
            "  batchSize: 16",
            "  learningRate: {base: 0.1, batch: 0}",
            "demo.yaml:31: distill.learningRate.batch: must lie in [1, inf), is 0"),
        replaced(
            "learning rate without base",
            "  batchSize: 16",
            "  learningRate: {batch: 512}",
            "demo.yaml:31: distill.learningRate: missing key 'base'"),
        replaced(
            "text for a list",
            "  seeds: [1, 2]",
            "  seeds: 1",
            "demo.yaml:36: distill.seeds: must be a list such as [a, b], is 1"),
        replaced(
            "scalar for a section",
            "prompt:\n  mode: joint\n  tokens: 4",
            "prompt: joint",
            "demo.yaml:24: prompt: must be a mapping with the keys mode, tokens,"),
        replaced(
            "unknown word",
            "  mode: joint",
            "  mode: joined",
            "demo.yaml:25: prompt.mode: must be one of none, joint, staged, is 'joined' (did you mean 'joint'?)"),
        replaced(
            "unknown extension",
            "student: mobilefacenet",
            "student: mobilfacenet",
            "demo.yaml:29: distill.student: unknown backbone 'mobilfacenet' (did you mean 'mobilefacenet'?); known: edgenext,"),
        replaced(
            "unknown method",
            "    - cakd",
            "    - cadk",
            "demo.yaml:35: distill.methods[2]: unknown distillation method 'cadk' (did you mean 'cakd'?); known: "),
        replaced(
            "unknown option of an extension",
            "{weight: 2}",
            "{wieght: 2}",
            "demo.yaml:34: distill.methods[1].feature-consistency.wieght: unknown key 'wieght' (did you mean 'weight'?)"),
        replaced(
            "two extensions at once",
            "    - feature-consistency: {weight: 2}",
            "    - {none: {}, l2: {}}",
            "demo.yaml:34: distill.methods[1]: must name one distillation method"),
        replaced(
            "key twice",
            "seed: 7",
            "name: again",
            "demo.yaml:2: key 'name' stands twice, first on line 1"),
        replaced("not YAML", "  root: faces", "  root: [faces", "demo.yaml:5: not valid YAML:"),
        replaced("tabs", "  mode: joint", "\tmode: joint", "demo.yaml:25: not valid YAML:"),
        replaced(
            "unknown teacher",
            "  teacher: vit",
            "  teacher: vitt",
            "demo.yaml:28: distill.teacher: no teacher has the name 'vitt' (did you mean 'vit'?); teachers: edgeface, vit"),
        replaced(
            "no teacher",
            "  teacher: vit\n",
            "",
            "feature-consistency needs a teacher: name it by 'distill.teacher'"),
        replaced(
            "unknown teacher of a teacher",
            "    from: edgeface".indent(2).stripTrailing(),
            "      from: edgefaec",
            "demo.yaml:21: teachers[1].training.from: no teacher has the name 'edgefaec' (did you mean 'edgeface'?)"),
        replaced(
            "teacher of itself",
            "from: edgeface",
            "from: vit",
            "demo.yaml:21: teachers[1].training.from: teachers learn from each other in a circle: vit, vit"),
        replaced(
            "two teachers of one name",
            "- name: vit",
            "- name: edgeface",
            "demo.yaml:18: teachers[1].name: two teachers have the name 'edgeface'"),
        replaced(
            "teacher without origin",
            "    weights:\n      path: weights/edgeface.safetensors\n      sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n"
                .indent(0),
            "",
            "demo.yaml:13: teachers[0]: give weights, onnx, torchscript (import) or training"),
        replaced(
            "short digest",
            "sha256: 0123456789",
            "sha256: ",
            "demo.yaml:17: teachers[0].weights.sha256: must be 64 hexadecimal digits, has 54 characters"),
        replaced(
            "download without digest",
            "weights/edgeface.safetensors\n      sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "https://example.org/w.safetensors",
            "demo.yaml:15: teachers[0].weights: missing key 'sha256'"),
        replaced(
            "joint method without joint prompts",
            "  mode: joint",
            "  mode: none",
            "demo.yaml:35: distill.methods[2]: cakd trains prompts with the student: set prompt.mode: joint (is none)"),
        replaced(
            "method that disagrees about prompts",
            "    - cakd",
            "    - cakd: {prompts: staged}",
            "demo.yaml:35: distill.methods[2]: cakd wants prompts staged, but prompt.mode is joint"),
        replaced(
            "blocks of a student that has none",
            "    - feature-consistency: {weight: 2}\n    - cakd",
            "    - feature-consistency: {weight: 2}\n  recompute: blocks",
            "demo.yaml:35: distill.recompute: blocks is for transformers, the student is mobilefacenet and no method trains a teacher's prompts: remove it, or choose a vit or swin"),
        replaced(
            "blocks of a teacher that has none",
            "backbone: {vit: {dim: 48, depth: 2, heads: 2}}\n    training:",
            "backbone: mobilefacenet\n    training:\n      recompute: blocks",
            "demo.yaml:21: teachers[1].training.recompute: blocks is for transformers, teacher 'vit' is mobilefacenet: remove it, or choose a vit or swin"),
        replaced(
            "finished program that cannot run live",
            "    backbone: edgenext\n    weights:\n      path: weights/edgeface.safetensors\n",
            "    cache: never\n    onnx:\n      path: teacher.onnx\n      embedding: 512\n",
            "demo.yaml:14: teachers[0].cache: onnx is a finished program, whose embeddings are always cached: remove cache, or import its weights"),
        replaced(
            "type of a cache that is not made",
            "  - name: edgeface\n",
            "  - name: edgeface\n    cache: never\n    cacheType: float16\n",
            "demo.yaml:15: teachers[0].cacheType: nothing is cached (cache: never): remove one of the two"),
        replaced(
            "two teachers that run beside one student",
            "  - name: edgeface\n",
            "  - name: edgeface\n    cache: never\n",
            "    - feature-consistency: {weight: 2}",
            "    - sum: {methods: [feature-consistency, cakd], teachers: [edgeface, vit]}",
            "demo.yaml:35: distill.methods[1]: teachers edgeface, vit would run live in one training, which has room for one: give all but one cache: always"),
        replaced(
            "teacher that takes no prompts",
            "  teacher: vit",
            "  teacher: edgeface",
            "demo.yaml:25: prompt.mode: teacher 'edgeface' (edgenext) takes no prompts: choose a transformer such as vit"),
        replaced(
            "short digest of a warm start",
            "student: mobilefacenet",
            "student: {mobilefacenet: {embedding: 64}}\n  initial: {path: x, sha256: y}",
            "demo.yaml:30: distill.initial.sha256: must be 64 hexadecimal digits, has 1 characters"),
        replaced(
            "weights that are not one a method",
            "    - cakd",
            "    - sum: {methods: [l2, ukd], weights: [1]}",
            "demo.yaml:35: distill.methods[2].sum: 2 methods have 1 weights: give one each, or none"),
        replaced(
            "method in a sum that disagrees about prompts",
            "    - cakd",
            "    - sum: {methods: [l2, {cakd: {prompts: staged}}]}",
            "demo.yaml:35: distill.methods[2]: cakd wants prompts staged, but prompt.mode is joint"),
        replaced(
            "unknown teacher in a sum",
            "    - cakd",
            "    - sum: {methods: [l2, rkd], teachers: [vit, edgefaec]}",
            "demo.yaml:35: distill.methods[2]: no teacher has the name 'edgefaec' (did you mean 'edgeface'?); teachers: edgeface, vit"),
        replaced(
            "teachers that are not one a method",
            "    - cakd",
            "    - sum: {methods: [l2, rkd], teachers: [vit]}",
            "demo.yaml:35: distill.methods[2].sum: 2 methods have 1 teachers: name one for each, or none"),
        replaced(
            "teacher that cannot serve its part of a sum",
            "    - cakd",
            "    - sum: {methods: [l2, cakd], teachers: [vit, edgeface]}",
            "demo.yaml:35: distill.methods[2]: cakd trains prompts of 'edgeface', which only distill.teacher may have: name that teacher there"),
        replaced(
            "teacher of another width in a sum",
            "    - cakd",
            "    - sum: {methods: [rkd, {l2: {adapter: {use: never}}}], teachers: [edgeface, vit]}",
            "{vit: {",
            "{vit: {embedding: 64, ",
            "demo.yaml:35: distill.methods[2]: l2 compares embeddings directly, but the student's have 512 numbers and those of teacher 'vit' (vit) 64"),
        replaced(
            "sum that names its own teacher another way",
            "    - cakd",
            "    - sum: {methods: [{sum: {methods: [l2]}}, {sum: {methods: [cakd], teachers: [vit]}}]}",
            "demo.yaml:35: distill.methods[2]: sum: of one teacher, one method takes a constant teacher, another trains its prompts"),
        replaced(
            "teacher of itself within a sum",
            "method: feature-consistency",
            "method: {sum: {methods: [l2, rkd], teachers: [edgeface, vit]}}",
            "demo.yaml:22: teachers[1].training.method: teachers learn from each other in a circle: vit, vit"),
        replaced(
            "prompts tuned by several teachers",
            "  mode: joint",
            "  mode: staged\n  method: {sum: {methods: [{cakd: {prompts: joint}}], teachers: [vit]}}",
            "demo.yaml:26: prompt.method: tunes prompts of distill.teacher alone"),
        replaced(
            "moved faces beside cached maps of the teacher",
            "  batchSize: 16",
            "  batchSize: 16\n  augment: [crop, blur]",
            "    - cakd",
            "    - cakd: {prompts: none}",
            "demo.yaml:36: distill.methods[2]: cakd compares places of the face, but augment crop moves it and the cached outputs of teacher 'vit' (vit) cannot follow: remove it, or let the teacher run live with its cache: never"),
        replaced(
            "teacher without class weights",
            "method: feature-consistency",
            "method: {feature-consistency: {identityWeight: 0}}",
            "    - cakd",
            "    - kd",
            "demo.yaml:35: distill.methods[2]: kd reads the class weights of teacher 'vit' (vit), which has none for these identities: raise the identityWeight of the method that trains it"),
        replaced(
            "class weights given to a teacher that is trained here",
            "    training:\n      from: edgeface",
            "    classifier: {path: fc.pth, names: people.txt}\n    training:\n      from: edgeface",
            "demo.yaml:20: teachers[1].classifier: a teacher that is trained here has class weights of its own: remove classifier"),
        replaced(
            "names of class weights on the web",
            "    weights:\n",
            "    classifier: {path: fc.pth, names: 'https://example.org/people.txt'}\n    weights:\n",
            "demo.yaml:15: teachers[0].classifier.names: must be a file, is a URL"),
        replaced(
            "class weights on the web without digest",
            "    weights:\n",
            "    classifier: {path: 'https://example.org/fc.pth', names: people.txt}\n    weights:\n",
            "demo.yaml:15: teachers[0].classifier: missing key 'sha256'"),
        replaced(
            "class weights without names",
            "    weights:\n",
            "    classifier: {path: fc.pth}\n    weights:\n",
            "demo.yaml:15: teachers[0].classifier: missing key 'names' (Text file"),
        replaced(
            "teacher that knows no student",
            "    - cakd",
            "    - sh-kd",
            "demo.yaml:35: distill.methods[2]: sh-kd learns from a teacher that was trained on a student's frozen head, teacher 'vit' was not: give it training.classifier"),
        replaced(
            "teacher that knows another student",
            "      from: edgeface\n",
            "      from: edgeface\n      classifier: {from: edgeface}\n",
            "    - cakd",
            "    - sh-kd",
            "demo.yaml:36: distill.methods[2]: sh-kd wants the head of a network like the student, but 'edgeface' is edgenext"),
        replaced(
            "teacher that knows no proxy",
            "method: feature-consistency",
            "method: none",
            "    - cakd",
            "    - refo",
            "demo.yaml:35: distill.methods[2]: refo learns from a teacher that was trained near a small proxy, teacher 'vit' was not: give it training: {from: NAME"),
        replaced(
            "teacher that knows no proxy, in a sum",
            "method: feature-consistency",
            "method: rkd",
            "    - cakd",
            "    - sum: {methods: [refo, rkd]}",
            "demo.yaml:35: distill.methods[2]: refo learns from a teacher that was trained near a small proxy"),
        replaced(
            "proxy as large as its teacher",
            "    - cakd",
            "    - refo",
            "demo.yaml:35: distill.methods[2]: refo wants a proxy that is smaller than its teacher, but 'edgeface' has"),
        replaced(
            "depth of prompts that the teacher drops",
            "backbone: {vit: {dim: 48, depth: 2, heads: 2}}",
            "backbone: swin",
            "  tokens: 4",
            "  depth: shallow",
            "demo.yaml:26: prompt.depth: teacher 'vit' (swin) drops prompts where its grid is merged and takes them deep only"),
        replaced(
            "head of itself",
            "      from: edgeface\n",
            "      from: edgeface\n      classifier: {from: vit}\n",
            "demo.yaml:22: teachers[1].training.classifier.from: teachers learn from each other in a circle: vit, vit"),
        replaced(
            "head of another width",
            "      from: edgeface\n",
            "      from: edgeface\n      classifier: {from: edgeface}\n",
            "{vit: {",
            "{vit: {embedding: 64, ",
            "demo.yaml:22: teachers[1].training.classifier.from: class weights of 'edgeface' have 512 numbers each, the embeddings of 'vit' 64: choose equal widths"),
        replaced(
            "method twice with equal options",
            "    - cakd",
            "    - none",
            "demo.yaml:35: distill.methods[2]: method 'none' stands twice with equal options"),
        replaced(
            "no methods",
            "  methods:\n    - none\n    - feature-consistency: {weight: 2}\n    - cakd\n",
            "  methods: []\n",
            "demo.yaml:32: distill.methods: is empty: name at least one method"),
        replaced(
            "no seeds",
            "  seeds: [1, 2]",
            "  seeds: []",
            "demo.yaml:36: distill.seeds: is empty: give at least one seed"),
        replaced(
            "seed twice",
            "  seeds: [1, 2]",
            "  seeds: [1, 1]",
            "demo.yaml:36: distill.seeds: a seed stands twice: [1, 1]"),
        replaced(
            "no training data",
            "  train:\n    - folder: {path: train, namespace: cfp}\n",
            "",
            "demo.yaml:3: data: missing key 'train': training needs at least one source"),
        replaced(
            "no verification set",
            "  verification:\n    - name: lfw-dev\n      source: {lfw-pairs: {pairs: pairs.txt, images: lfw}}\n",
            "  verification: []\n",
            "demo.yaml:7: data.verification: is empty: name at least one verification set"),
        replaced(
            "set with the name of a split",
            "- name: lfw-dev",
            "- name: validation",
            "demo.yaml:8: data.verification[0].name: 'validation' is the name of a part of the training data"),
        replaced(
            "name that is not a file name",
            "name: demo",
            "name: a/b",
            "demo.yaml:1: name: must start with a letter or digit"),
        replaced(
            "unknown device",
            "seed: 7",
            "device: gpu",
            "demo.yaml:2: device: must be auto, cpu, cuda or cuda:N (cuda:0 is the first GPU), is 'gpu'"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void namesLineFaultAndCure(String kind, String text, String message) {
    RecipeException refused =
        catchThrowableOfType(
            RecipeException.class, () -> RecipeFile.parse("demo.yaml", text, List.of()));
    assertThat(refused).as(kind).isNotNull().hasMessageContaining(message);
  }

  @Test
  void namesTheSettingThatIsWrong() {
    assertThat(refusal("distill.epochs=0"))
        .isEqualTo("--set distill.epochs=0: distill.epochs: must lie in [1, 100000], is 0");
    assertThat(refusal("distill.epoch=2"))
        .startsWith("--set distill.epoch=2: distill.epoch: unknown key 'epoch' (did you mean");
    assertThat(refusal("distill.epochs")).contains("must be KEY=VALUE");
    assertThat(refusal("teachers.7.name=x")).contains("must be an index of a list of 2");
    assertThat(refusal("seed.x=1")).contains("'seed' is the value 7 and has no 'x' below it");
    assertThat(refusal("distill.teacher=nobody"))
        .startsWith("--set distill.teacher=nobody: distill.teacher: no teacher has the name");
    assertThat(refusal("distil.epochs=2"))
        .as("a section that only the setting opens")
        .startsWith(
            "--set distil.epochs=2: distil: unknown key 'distil' (did you mean 'distill'?)");
    assertThat(refusal("distill.initial.naming=facet"))
        .startsWith("--set distill.initial.naming=facet: distill.initial: missing key 'path'");
    assertThat(refusal("distill.epochs=[1"))
        .startsWith("--set distill.epochs=[1: '[1' is not valid YAML: ")
        .doesNotContain(":1:");
    assertThat(refusal("distill.methods=[none, rdk]"))
        .contains("distill.methods[1]: unknown distillation method 'rdk' (did you mean 'rkd'?)");
  }

  @Test
  void comparesWidthsOfEmbeddings() {
    String text =
        SampleRecipes.WHOLE
            .replace("student: mobilefacenet", "student: {mobilefacenet: {embedding: 64}}")
            .replace("{weight: 2}", "{adapter: {use: never}}");
    RecipeException refused =
        catchThrowableOfType(
            RecipeException.class, () -> RecipeFile.parse("demo.yaml", text, List.of()));
    assertThat(refused)
        .hasMessage(
            "demo.yaml:34: distill.methods[1]: feature-consistency compares embeddings directly,"
                + " but the student's have 64 numbers and those of teacher 'vit' (vit) 512: give the student"
                + " embedding: 512, or choose a method with an adapter");
  }

  @Test
  void reportsFaultsOfTheWholeFileAtOnce() {
    String text =
        SampleRecipes.WHOLE
            .replace("  epochs: 3", "  epochs: 0")
            .replace("  mode: joint", "  mode: jont")
            .replace("seed: 7", "seed: x");
    RecipeException refused =
        catchThrowableOfType(
            RecipeException.class, () -> RecipeFile.parse("demo.yaml", text, List.of()));
    assertThat(refused.getMessage().lines().map(line -> line.substring(0, line.indexOf(": ") + 1)))
        .containsExactly("demo.yaml:2:", "demo.yaml:25:", "demo.yaml:30:");
  }

  private static String refusal(String setting) {
    return catchThrowableOfType(
            RecipeException.class,
            () -> RecipeFile.parse("demo.yaml", SampleRecipes.WHOLE, List.of(setting)))
        .getMessage();
  }

  private static Arguments replaced(String kind, String old, String with, String message) {
    return Arguments.of(kind, changed(kind, SampleRecipes.WHOLE, old, with), message);
  }

  private static Arguments replaced(
      String kind, String old, String with, String other, String withOther, String message) {
    String once = changed(kind, SampleRecipes.WHOLE, old, with);
    return Arguments.of(kind, changed(kind, once, other, withOther), message);
  }

  private static String changed(String kind, String text, String old, String with) {
    assertThat(text).as(kind).contains(old);
    return text.replace(old, with);
  }
}
