package io.facet.pipelines.recipe;

import java.util.List;

/** Recipes for tests; line numbers matter to some of them. */
public final class SampleRecipes {
  /** A recipe in which every section is used. */
  public static final String WHOLE =
      """
      name: demo
      seed: 7
      data:
        root: faces
        train:
          - folder: {path: train, namespace: cfp}
        verification:
          - name: lfw-dev
            source: {lfw-pairs: {pairs: pairs.txt, images: lfw}}
      align:
        detector: given
      teachers:
        - name: edgeface
          backbone: edgenext
          weights:
            path: weights/edgeface.safetensors
            sha256: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
        - name: vit
          backbone: {vit: {dim: 48, depth: 2, heads: 2}}
          training:
            from: edgeface
            method: feature-consistency
            epochs: 2
      prompt:
        mode: joint
        tokens: 4
      distill:
        teacher: vit
        student: mobilefacenet
        epochs: 3
        batchSize: 16
        methods:
          - none
          - feature-consistency: {weight: 2}
          - cakd
        seeds: [1, 2]
      """;

  private SampleRecipes() {}

  /** {@link #WHOLE}, read. */
  public static Recipe whole() {
    return with("");
  }

  /** The same with another section at its end. */
  public static Recipe with(String section) {
    return RecipeFile.parse("demo.yaml", WHOLE + section, List.of()).recipe();
  }
}
