package io.facet.models.embed;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.facet.models.DataException;
import io.facet.models.OnnxRuntime;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.Impostor;
import io.facet.models.onnx.OnnxInput;
import io.facet.models.onnx.OnnxOutput;
import io.facet.models.weights.ModelFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Embeds with an ONNX model on ONNX Runtime: ours, or any with one image input. */
public final class OnnxEmbedder implements Embedder {
  private final OrtSession session;
  private final String name;
  private final Preprocessing preprocessing;
  private final OnnxInput input;
  private final OnnxOutput output;
  private final long[] inputShape;

  /**
   * Loads a model. Its embedding is the output that has the shape of one, see {@link OnnxOutput};
   * float16, float64 and uint8 images are made from pixels as well as float32 ones.
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
      refuseOthers(model, name);
      OrtSession session = OnnxRuntime.environment().createSession(model, options);
      try {
        return new OnnxEmbedder(session, name, given, batchSize);
      } catch (RuntimeException | OrtException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new DataException(name + " is not a usable ONNX model: " + firstLine(e), e);
    }
  }

  private OnnxEmbedder(
      OrtSession session, String name, Optional<Preprocessing> given, int batchSize)
      throws OrtException {
    this.session = session;
    this.name = name;
    input = OnnxInput.of(session, name);
    preprocessing =
        input.contract(contract(session.getMetadata().getCustomMetadata(), given, name));
    long[] shape = input.shape();
    inputShape =
        new long[] {
          shape[0] > 0 ? shape[0] : batchSize, 3, preprocessing.height(), preprocessing.width()
        };
    for (int axis = 1; axis < 4; axis++) {
      if (shape[axis] > 0 && shape[axis] != inputShape[axis]) {
        throw new DataException(
            "%s takes %s, its preprocessing gives %dx%d pixels; correct the preprocessing"
                .formatted(
                    name, Arrays.toString(shape), preprocessing.width(), preprocessing.height()));
      }
    }
    output = OnnxOutput.of(session, name, this::zeros);
  }

  private static void refuseOthers(byte[] model, String name) {
    Impostor.refuse(Arrays.copyOf(model, Math.min(model.length, Impostor.BYTES)), name);
  }

  private OrtSession.Result zeros() throws OrtException {
    int count = Math.toIntExact(Arrays.stream(inputShape).reduce(1, Math::multiplyExact));
    FloatBuffer images =
        ByteBuffer.allocateDirect(4 * count).order(ByteOrder.nativeOrder()).asFloatBuffer();
    try (OnnxTensor tensor = input.tensor(images, inputShape)) {
      return session.run(Map.of(input.name(), tensor));
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
    return output.width();
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
    try (OnnxTensor tensor = input.tensor(images, inputShape);
        OrtSession.Result result =
            session.run(Map.of(input.name(), tensor), Set.of(output.name()))) {
      return numbers((OnnxTensor) result.get(0));
    } catch (OrtException e) {
      throw new DataException(
          "%s cannot be run by ONNX Runtime: %s; export it again".formatted(name, firstLine(e)), e);
    }
  }

  private static float[] numbers(OnnxTensor tensor) {
    if (tensor.getInfo().type == OnnxJavaType.DOUBLE) {
      DoubleBuffer values = tensor.getDoubleBuffer();
      float[] copy = new float[values.remaining()];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = (float) values.get();
      }
      return copy;
    }
    FloatBuffer values = tensor.getFloatBuffer();
    float[] copy = new float[values.remaining()];
    values.get(copy);
    return copy;
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
