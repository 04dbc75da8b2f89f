package io.facet.models.export;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.facet.models.DataException;
import io.facet.models.OnnxRuntime;
import io.facet.models.backbone.Embedder;
import io.facet.models.backbone.FixedBatches;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.weights.ModelFile;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Embeds with an ONNX model on ONNX Runtime: ours, or any with one image input. */
public final class OnnxEmbedder implements Embedder {
  private final OrtSession session;
  private final Preprocessing preprocessing;
  private final String input;
  private final long[] inputShape;
  private final int width;

  /**
   * Loads a model.
   *
   * @param given preprocessing of a model that does not say its own; its flip fusion holds for any
   *     model
   * @param batchSize crops of one run; a model with a fixed batch size keeps its own
   * @param threads of one run
   * @throws DataException if the bytes are no such model, or it says another preprocessing
   */
  public static OnnxEmbedder open(
      byte[] model, String name, Optional<Preprocessing> given, int batchSize, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      OrtSession session = OnnxRuntime.environment().createSession(model, options);
      try {
        return new OnnxEmbedder(session, name, given, batchSize);
      } catch (RuntimeException | OrtException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new DataException(name + " is no usable ONNX model: " + firstLine(e), e);
    }
  }

  private OnnxEmbedder(
      OrtSession session, String name, Optional<Preprocessing> given, int batchSize)
      throws OrtException {
    this.session = session;
    Map<String, NodeInfo> inputs = session.getInputInfo();
    Map<String, NodeInfo> outputs = session.getOutputInfo();
    if (inputs.size() != 1
        || !(inputs.values().iterator().next().getInfo() instanceof TensorInfo image)
        || !(outputs.values().iterator().next().getInfo() instanceof TensorInfo embedding)
        || image.getShape().length != 4
        || embedding.getShape().length != 2) {
      throw new DataException(
          name + " has inputs " + inputs.keySet() + "; needs one image batch and embeddings");
    }
    input = inputs.keySet().iterator().next();
    width = (int) embedding.getShape()[1];
    preprocessing = contract(session.getMetadata().getCustomMetadata(), given, name);
    long[] shape = image.getShape();
    inputShape =
        new long[] {
          shape[0] > 0 ? shape[0] : batchSize, 3, preprocessing.height(), preprocessing.width()
        };
    for (int axis = 1; axis < 4; axis++) {
      if (shape[axis] > 0 && shape[axis] != inputShape[axis]) {
        throw new DataException(
            "%s takes %s, its preprocessing gives %dx%d pixels; correct the preprocessing"
                .formatted(
                    name,
                    java.util.Arrays.toString(shape),
                    preprocessing.width(),
                    preprocessing.height()));
      }
    }
  }

  private static Preprocessing contract(
      Map<String, String> metadata, Optional<Preprocessing> given, String name) {
    Optional<Preprocessing> own = ModelFile.preprocessing(metadata);
    if (own.isEmpty() && given.isEmpty()) {
      throw new DataException(name + " does not say its preprocessing; give it beside");
    }
    if (own.isPresent() && given.isPresent()) {
      Preprocessing same = own.get().with(given.get().flipFusion());
      if (!same.equals(given.get())) {
        throw new DataException(
            "%s was made for preprocessing %s, not %s".formatted(name, own.get(), given.get()));
      }
    }
    return given.or(() -> own).orElseThrow();
  }

  @Override
  public int embeddingSize() {
    return width;
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public float[][] embed(List<Pixels> crops) {
    return FixedBatches.embed(crops, preprocessing, (int) inputShape[0], this::forward);
  }

  private float[] forward(FloatBuffer images) {
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(OnnxRuntime.environment(), images, inputShape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      FloatBuffer values = ((OnnxTensor) result.get(0)).getFloatBuffer();
      float[] copy = new float[values.remaining()];
      values.get(copy);
      return copy;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + firstLine(e), e);
    }
  }

  private static String firstLine(OrtException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown fault");
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + firstLine(e), e);
    }
  }
}
