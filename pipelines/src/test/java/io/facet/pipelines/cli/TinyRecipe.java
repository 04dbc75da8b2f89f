package io.facet.pipelines.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recipes over a few drawn faces and very small networks: a whole chain within seconds. */
final class TinyRecipe {
  /** Images for training: 12 people, 4 photographs each. */
  static final int TRAINING_PICTURES = 48;

  /** Pairs that models are measured on. */
  static final int PAIRS = 40;

  private static final String DATA =
      """
      name: tiny
      seed: 7
      threads: 1
      data:
        train:
          - synthetic: {identities: 12, shots: 4, size: 96}
        validation: {share: 0.2, pairs: 40}
        verification:
          - name: drawn
            source: {synthetic: {firstIdentity: 1000000, identities: 10, shots: 4, pairs: 40, size: 96}}
      align: {detector: given}
      evaluate: {bootstrapSamples: 50}
      """;

  private static final String TEACHER =
      """
      teachers:
        - name: vit
          backbone: {vit: {patch: 16, dim: 32, depth: 2, heads: 2, embedding: 64}}
          training: {epochs: 1, batchSize: 8, learningRate: 0.01, logEvery: 1}
      """;

  private static final String STUDENT =
      """
      distill:
        student: {mobilefacenet: {width: 0.125, embedding: 64}}
        epochs: 1
        batchSize: 8
        learningRate: 0.01
        logEvery: 1
        checkpointEvery: 2
      """;

  private TinyRecipe() {}

  /** A trained teacher with joint prompts, and students by three methods. */
  static String chain() {
    return DATA
        + TEACHER
        + "prompt: {mode: joint, tokens: 2}\n"
        + STUDENT
        + "  teacher: vit\n"
        + "  methods: [none, feature-consistency, {cakd: {width: 32, heads: 2, locals: 16}}]\n";
  }

  /** A trained teacher whose prompts are tuned before a student learns from cached outputs. */
  static String stagedPrompts() {
    return DATA
        + TEACHER
        + """
        prompt:
          mode: staged
          tokens: 2
          proxy: {mobilefacenet: {width: 0.125, embedding: 64}}
          method: {cakd: {prompts: joint, width: 32, heads: 2, locals: 16}}
          epochs: 1
          batchSize: 8
          learningRate: 0.01
          logEvery: 1
        """
        + STUDENT
        + "  teacher: vit\n"
        + "  methods: [{cakd: {prompts: staged, width: 32, heads: 2, locals: 16}}]\n";
  }

  /** A student without a teacher. */
  static String alone() {
    return DATA + STUDENT + "  methods: [none]\n";
  }

  /** A student of {@code teacher.onnx} in a folder, with embeddings of width 64. */
  static String onnxTeacher(Path folder, String method) {
    return DATA.replace("data:\n", "data:\n  root: %s\n".formatted(folder))
        + """
        teachers:
          - name: public
            onnx: {path: teacher.onnx, embedding: 64}
        """
        + STUDENT
        + "  teacher: public\n"
        + "  methods: [%s]\n".formatted(method)
        + "publish: {enabled: false}\n";
  }

  /** As {@link #stagedPrompts}, with a Swin of two stages as teacher. */
  static String stagedSwinPrompts() {
    return stagedPrompts()
        .replace(
            "vit: {patch: 16, dim: 32, depth: 2, heads: 2, embedding: 64}",
            "swin: {patch: 14, dim: 16, depths: [2, 1], heads: [1, 2], window: 4, embedding: 64}");
  }

  /**
   * Head sharing in three phases: a network like the student, a teacher on its frozen head, and
   * students.
   *
   * @param methods of the students, as a YAML list in one line
   */
  static String sharedHead(String methods) {
    return DATA
        + """
        teachers:
          - name: pupil
            backbone: {mobilefacenet: {width: 0.125, embedding: 64}}
            training: {epochs: 1, batchSize: 8, learningRate: 0.01, logEvery: 1}
          - name: aware
            backbone: {vit: {patch: 16, dim: 32, depth: 2, heads: 2, embedding: 64}}
            training:
              classifier: {from: pupil}
              epochs: 1
              batchSize: 8
              learningRate: 0.01
              logEvery: 1
        """
        + STUDENT
        + "  teacher: aware\n"
        + "  methods: %s\n".formatted(methods)
        + "publish: {enabled: false}\n";
  }

  /**
   * Two trained teachers, a ViT with prompts that learn with the student and a network like the
   * student.
   *
   * @param methods of the students, as a YAML list in one line
   */
  static String twoTeachers(String methods) {
    return DATA
        + TEACHER
        + """
          - name: cnn
            backbone: {mobilefacenet: {width: 0.125, embedding: 32}}
            training: {epochs: 1, batchSize: 8, learningRate: 0.01, logEvery: 1}
        prompt: {mode: joint, tokens: 2}
        """
        + STUDENT
        + "  teacher: vit\n"
        + "  methods: %s\n".formatted(methods);
  }

  /** A student that is taught by the network it starts from, and by nothing else. */
  static String ownTeacher(Path weights) {
    return DATA
        + """
        teachers:
          - name: start
            backbone: {mobilefacenet: {width: 0.125, embedding: 64}}
            weights: &start {path: %s}
        """
            .formatted(weights)
        + STUDENT
        + """
          teacher: start
          initial: *start
          freezing: {statistics: true}
          weightDecay: 0
          methods: [{feature-consistency: {identityWeight: 0}}]
        publish: {enabled: false}
        """;
  }

  /** A trained teacher and students by the given methods. */
  static String withMethods(String methods) {
    return DATA + TEACHER + STUDENT + "  teacher: vit\n  methods: " + methods + "\n";
  }

  /** One student that learns alone. */
  static String studentAlone() {
    return DATA + STUDENT + "  methods: [none]\n";
  }

  /** Writes a recipe into a folder. */
  static Path write(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("tiny.yaml"), text);
  }
}
