package io.facet.models.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.NetworkEmbedder;
import io.facet.models.distill.StartingFaces;
import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
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
  private final Network student;
  private Embeddings computed;

  StartingEmbeddings(TrainingSetup setup, NDManager manager, Network student) {
    this.setup = setup;
    this.manager = manager;
    this.student = student;
  }

  @Override
  public boolean warmStudent() {
    return setup.initial().isPresent();
  }

  /** Without mirrored views or augmentation; computed once. */
  @Override
  public Embeddings embeddings() {
    if (computed == null) {
      int count = Math.min(FACES, setup.set().size());
      NDList ofTeacher = new NDList();
      float[][] ofStudent = new float[count][];
      try (NetworkEmbedder embedder = new NetworkEmbedder(student, setup.preprocessing(), BATCH)) {
        for (int first = 0; first < count; first += BATCH) {
          int[] faces = IntStream.range(first, Math.min(count, first + BATCH)).toArray();
          List<Pixels> crops = Arrays.stream(faces).mapToObj(setup.set()::crop).toList();
          System.arraycopy(embedder.embed(crops), 0, ofStudent, first, faces.length);
          ofTeacher.add(teacher(faces, crops));
        }
      }
      computed = new Embeddings(manager.create(ofStudent), NDArrays.concat(ofTeacher));
    }
    return computed;
  }

  private NDArray teacher(int[] faces, List<Pixels> crops) {
    TeacherOutputs teacher = setup.teacher().orElseThrow();
    float[] images = teacher.preprocessing().map(how -> images(crops, how)).orElse(null);
    try (TensorScope scope = TensorScope.inference(manager)) {
      teacher.trainedPrompts().ifPresent(scope::lend);
      NDArray embeddings =
          teacher
              .outputs(scope, new TeacherBatch(0, faces, new boolean[faces.length], images))
              .embedding();
      return Torch.array(
          manager,
          FloatBuffer.wrap(embeddings.toFloatArray()),
          new Shape(embeddings.getShape().getShape()));
    }
  }

  private static float[] images(List<Pixels> crops, Preprocessing how) {
    int size = CropTensor.size(how);
    float[] images = new float[crops.size() * size];
    for (int i = 0; i < crops.size(); i++) {
      CropTensor.put(crops.get(i), how, false, FloatBuffer.wrap(images, i * size, size));
    }
    return images;
  }
}
