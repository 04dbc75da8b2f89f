package io.facet.models.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.MlpActivation;
import io.facet.models.backbone.PromptDepth;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.backbone.Swin;
import io.facet.models.backbone.VisionTransformer;
import io.facet.models.option.RecordBinder;
import io.facet.models.prompt.PromptSet;
import io.facet.models.train.teacher.LiveTeacher;
import java.util.Set;

/** A ViT for 16x16 crops: 16 tokens of width 8, two blocks. */
public final class TinyTeacher {
  public static final int PROMPTS = 3;

  private TinyTeacher() {}

  public static PromptableNetwork network(NDManager manager) {
    PromptableNetwork network =
        new VisionTransformer()
            .create(
                new VisionTransformer.Options(
                    16,
                    4,
                    8,
                    2,
                    2,
                    2,
                    MlpActivation.GELU,
                    false,
                    VisionTransformer.Pooling.FLATTEN,
                    0,
                    16));
    network.initialise(manager, 5);
    return network;
  }

  /** A Swin for 16x16 crops with two stages and 16 tokens of width 8 at the end. */
  public static PromptableNetwork swin(NDManager manager) {
    PromptableNetwork network =
        new Swin()
            .create(
                RecordBinder.bindJson(
                    Swin.Options.class,
                    """
                    {"image": 16, "patch": 2, "dim": 4, "depths": [2, 2], "heads": [1, 2],
                     "window": 4, "embedding": 16}
                    """));
    network.initialise(manager, 5);
    return network;
  }

  /** With prompts that learn. */
  public static LiveTeacher prompted(NDManager manager, boolean trained) {
    PromptableNetwork network = network(manager);
    PromptSet prompts = PromptSet.create(network, PROMPTS, PromptDepth.DEEP, manager, 6);
    return LiveTeacher.prompted(
        network, TinyStudent.PREPROCESSING, Set.of("last"), prompts, trained);
  }

  public static LiveTeacher plain(NDManager manager) {
    return LiveTeacher.plain(network(manager), TinyStudent.PREPROCESSING, Set.of("last"));
  }
}
