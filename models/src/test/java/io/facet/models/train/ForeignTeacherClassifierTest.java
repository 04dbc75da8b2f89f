package io.facet.models.train;

import static io.facet.models.train.TinyRun.CAKD;
import static io.facet.models.train.TinyRun.FACES;
import static io.facet.models.train.TinyRun.method;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.facet.models.RecipeException;
import io.facet.models.face.Pixels;
import io.facet.models.tensor.Torch;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.IdentityNames;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Class weights teach only those whose they are: the number of identities is not enough. */
class ForeignTeacherClassifierTest {
  private static final List<String> PEOPLE = List.of("ann", "bob", "cid", "dan");

  @Test
  void theirOwnClassWeightsTeach() throws Exception {
    float[] rows = weights(PEOPLE).rows();
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup =
          setup(manager)
              .method(method("th-kd", "{studentHead: copied}"))
              .teacherClassifier("vit", weights(PEOPLE));
      assertThat(TrainingRun.run(setup).classifier().orElseThrow()).isEqualTo(rows);
    }
  }

  @Test
  void asManyOtherPeopleAreRefusedBeforeTheFirstStep() {
    assertRefused(
        weights(List.of("eve", "fay", "gus", "hal")),
        "method 'th-kd' reads the class weights of the teacher, which has none for these identities (those of teacher 'vit' do not serve: they are of 4 other identities than the training set's, or of the same in another order); train the teacher on these identities, or give it classifier:");
  }

  @Test
  void theSamePeopleInAnotherOrderAreRefused() {
    assertRefused(weights(List.of("bob", "ann", "cid", "dan")), "in another order");
  }

  @Test
  void anotherNumberOfPeopleIsRefused() {
    assertRefused(
        weights(List.of("ann", "bob")),
        "they are of 2 identities and the training set has 4); train the teacher");
  }

  @Test
  void aMethodThatCanGoOnWithoutGoesOnWithoutAndSaysSo() throws Exception {
    RecordedHistory history = new RecordedHistory();
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup =
          setup(manager)
              .method(method("cakd", CAKD))
              .teacher(TinyTeacher.prompted(manager, true))
              .teacherClassifier("vit", weights(List.of("eve", "fay", "gus", "hal")))
              .listener(history);
      TrainingRun.run(setup);
    }
    assertThat(history.warnings())
        .anyMatch(text -> text.contains("no classifier for these identities"));
  }

  private static void assertRefused(ClassWeights weights, String message) {
    try (NDManager manager = Torch.newManager()) {
      TrainingSetup setup =
          setup(manager).method(method("th-kd", "{}")).teacherClassifier("vit", weights);
      assertThatThrownBy(() -> TrainingRun.run(setup))
          .isInstanceOf(RecipeException.class)
          .hasMessageContaining(message);
    }
  }

  private static TrainingSetup setup(NDManager manager) {
    return TrainingSetup.of(
            new TinyStudent(16),
            TinyStudent.PREPROCESSING,
            new NamedFaces(),
            TinyOptions.of("{epochs: 1, batchSize: 8, logEvery: 1, learningRate: 0.01}"),
            3)
        .teacher(TinyTeacher.plain(manager));
  }

  private static ClassWeights weights(List<String> people) {
    float[] rows = new float[people.size() * 16];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (float) Math.sin(1 + i);
    }
    return new ClassWeights(16, rows, Optional.of(IdentityNames.digest(people)));
  }

  /** The tiny faces, with names. */
  private static final class NamedFaces implements TrainingSet {
    @Override
    public int size() {
      return FACES.size();
    }

    @Override
    public int classes() {
      return FACES.classes();
    }

    @Override
    public int label(int index) {
      return FACES.label(index);
    }

    @Override
    public Optional<String> identityDigest() {
      return Optional.of(IdentityNames.digest(PEOPLE));
    }

    @Override
    public String faceId(int index) {
      return FACES.faceId(index);
    }

    @Override
    public Pixels crop(int index) {
      return FACES.crop(index);
    }
  }
}
