package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.facet.models.backbone.Network;
import io.facet.models.distill.StartingFaces;
import io.facet.models.embed.NetworkEmbedder;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.train.data.InputImages;
import io.facet.models.train.teacher.TeacherBatch;
import io.facet.models.train.teacher.TeacherOutputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Embeddings of student and teacher before the first step, of the faces that come first in the
 * order of the training set: a sample that does not depend on labels or arrival.
 */
final class StartingEmbeddings implements StartingFaces {
  /** Four times the widest embedding of the field. */
  private static final int FACES = 2048;

  private static final int BATCH = 32;

  private final TrainingSetup setup;
  private final NDManager manager;
  private final StudentSide student;
  private final Optional<String> teacher;

  /** Embeddings under the run's own teacher, which live as long as the manager. */
  StartingEmbeddings(TrainingSetup setup, NDManager manager, Network student) {
    this(setup, manager, new StudentSide(setup, manager, student), Optional.empty());
  }

  private StartingEmbeddings(
      TrainingSetup setup, NDManager manager, StudentSide student, Optional<String> teacher) {
    this.setup = setup;
    this.manager = manager;
    this.student = student;
    this.teacher = teacher;
  }

  @Override
  public boolean warmStudent() {
    return setup.initial().isPresent();
  }

  @Override
  public StartingFaces of(Optional<String> other) {
    return new StartingEmbeddings(setup, manager, student, other);
  }

  /** Without mirrored views or augmentation. */
  @Override
  public Embeddings embeddings() {
    TeacherOutputs outputs =
        teacher
            .map(name -> setup.namedTeachers().get(name).outputs())
            .orElseGet(() -> setup.teacher().orElseThrow());
    NDList batches = new NDList();
    for (int[] faces : batches(setup)) {
      batches.add(embeddings(outputs, faces));
    }
    return new Embeddings(student.embeddings(), NDArrays.concat(batches));
  }

  private static List<int[]> batches(TrainingSetup setup) {
    int count = Math.min(FACES, setup.set().size());
    return IntStream.iterate(0, first -> first < count, first -> first + BATCH)
        .mapToObj(first -> IntStream.range(first, Math.min(count, first + BATCH)).toArray())
        .toList();
  }

  private NDArray embeddings(TeacherOutputs outputs, int[] faces) {
    InputImages images = outputs.preprocessing().map(how -> images(faces, how)).orElse(null);
    try (TensorScope scope = TensorScope.inference(manager)) {
      outputs.trainedPrompts().ifPresent(scope::lend);
      NDArray embeddings =
          outputs
              .outputs(scope, new TeacherBatch(0, faces, new boolean[faces.length], images))
              .embedding();
      NDArray kept = embeddings.duplicate();
      kept.attach(manager);
      return kept;
    }
  }

  private InputImages images(int[] faces, Preprocessing how) {
    InputImages images = InputImages.onHost(how, new boolean[faces.length]);
    for (int i = 0; i < faces.length; i++) {
      images.put(i, setup.set().crop(faces[i]));
    }
    return images;
  }

  /** The student's embeddings, computed when they are first asked for. */
  private static final class StudentSide {
    private final TrainingSetup setup;
    private final NDManager manager;
    private final Network student;
    private NDArray computed;

    StudentSide(TrainingSetup setup, NDManager manager, Network student) {
      this.setup = setup;
      this.manager = manager;
      this.student = student;
    }

    NDArray embeddings() {
      if (computed == null) {
        List<float[]> rows = new ArrayList<>();
        try (NetworkEmbedder embedder =
            new NetworkEmbedder(student, setup.preprocessing(), BATCH)) {
          for (int[] faces : batches(setup)) {
            List<Pixels> crops = Arrays.stream(faces).mapToObj(setup.set()::crop).toList();
            rows.addAll(List.of(embedder.embed(crops)));
          }
        }
        NDArray host = manager.create(rows.toArray(float[][]::new));
        computed = NewArray.upload(host, student.device());
      }
      return computed;
    }
  }
}
