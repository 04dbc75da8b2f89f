package io.facet.models.distill.cakd;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.VisionTransformer;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Yaml;
import io.facet.models.tensor.SeededHash;
import io.facet.models.tensor.Torch;
import io.facet.models.train.AlignedDrawings;
import io.facet.models.train.SmallStudent;
import io.facet.models.train.TinyOptions;
import io.facet.models.train.TrainingResult;
import io.facet.models.train.TrainingRun;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.teacher.LiveTeacher;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** CAKD's terms alone, without an identity term, on faces of drawn people. */
@Tag("soak")
class CakdOnFacesTest {
  private static final String TRAINING =
      "{epochs: 25, batchSize: 50, logEvery: 100, optimiser: adamw,"
          + " learningRate: 0.002, weightDecay: 0.05, adapterLearningRate: 0.002}";
  private static final int PAIRS = 600;
  private static final long SEED = 1;

  private final AlignedDrawings faces = AlignedDrawings.training(80, 8);
  private final AlignedDrawings others = AlignedDrawings.verification(60, 4);

  @BeforeAll
  static void oneThread() {
    Torch.setThreads(1);
  }

  private static Network vit() {
    return new VisionTransformer()
        .create(
            RecordBinder.bindJson(
                VisionTransformer.Options.class,
                """
                {"image": 32, "patch": 4, "dim": 32, "depth": 2, "heads": 2, "mlpRatio": 2,
                 "activation": "gelu", "embedding": 32}
                """));
  }

  private TrainingSetup setup(Network network) {
    return TrainingSetup.of(
        network, AlignedDrawings.PREPROCESSING, faces, TinyOptions.of(TRAINING), SEED);
  }

  @Test
  void theTermsAloneMakeTheStudentTellStrangersApartBetter() throws Exception {
    TrainingResult taught = TrainingRun.run(setup(vit()));
    try (NDManager manager = Torch.newManager();
        Network teacher = vit();
        SmallStudent start = new SmallStudent();
        SmallStudent end = new SmallStudent()) {
      teacher.load(manager, taught.student());
      assertThat(others.accuracy(teacher, PAIRS)).isGreaterThan(0.9);

      start.initialise(manager, SeededHash.seed(SEED, "student"));
      TrainingResult result =
          TrainingRun.run(
              setup(new SmallStudent())
                  .method(
                      RecordBinder.select(
                          DistillationMethod.class,
                          "cakd",
                          Yaml.json(
                              "{prompts: none, identityWeight: 0, locals: 16, width: 32, heads: 2}")))
                  .teacher(
                      LiveTeacher.plain(
                          teacher, AlignedDrawings.PREPROCESSING, Set.of(CakdSession.TAP))));
      end.load(manager, result.student());

      assertThat(others.accuracy(end, PAIRS)).isGreaterThan(others.accuracy(start, PAIRS) + 0.05);
    }
  }
}
