package io.facet.pipelines.cli;

import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Drawn images as files: {@code train/PERSON/SHOT.jpg} of four people, {@code
 * images/PERSON/SHOT.jpg} of two others and {@code pairs.csv} over these.
 */
final class DrawnFolders {
  static final int PEOPLE = 4;
  static final int SHOTS = 3;
  static final String PAIRS =
      """
      left,right,same,fold
      q0/0.jpg,q0/1.jpg,1,0
      q1/0.jpg,q1/1.jpg,1,0
      q0/0.jpg,q1/0.jpg,0,1
      q0/1.jpg,q1/1.jpg,0,1
      """;

  private static final SyntheticFaces FACES =
      new SyntheticFaces(3, new SyntheticOptions(112, 1.4, 0.5, 0.75, 1.2, 0.65, 0, 0.5));

  private DrawnFolders() {}

  static void draw(Path root) throws IOException {
    draw(root.resolve("train"), "p", 0, PEOPLE, SHOTS);
    draw(root.resolve("images"), "q", 100, 2, 2);
    Files.writeString(root.resolve("pairs.csv"), PAIRS);
  }

  private static void draw(Path folder, String letter, int first, int people, int shots)
      throws IOException {
    for (int person = 0; person < people; person++) {
      Path home = Files.createDirectories(folder.resolve(letter + person));
      for (int shot = 0; shot < shots; shot++) {
        Files.write(home.resolve(shot + ".jpg"), FACES.photograph(first + person, shot).jpeg());
      }
    }
  }

  /** A recipe over the folders: one training step, nothing published. */
  static String recipe(Path root) {
    return """
        name: folders
        threads: 1
        data:
          root: %s
          train:
            - folder: {path: train, namespace: train}
          validation: {share: 0}
          verification:
            - name: pairs
              source: {csv-pairs: {pairs: pairs.csv, images: images, namespace: other}}
        align: {detector: none}
        distill:
          student: {mobilefacenet: {width: 0.125, embedding: 64}}
          epochs: 1
          maxSteps: 1
          batchSize: 4
          learningRate: 0.01
          methods: [none]
        evaluate: {bootstrapSamples: 10, latency: false}
        publish: {enabled: false}
        """
        .formatted(root);
  }
}
