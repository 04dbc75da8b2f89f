package io.facet.models.embed;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.facet.models.DataException;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Embeds with a TorchScript module in evaluation mode; one batch at a time, so one copy serves all
 * threads. PyTorch reads the file itself and runs no Python.
 */
public final class TorchScriptEmbedder implements Embedder {
  private final NDManager manager = Torch.newManager();
  private final PtSymbolBlock module;
  private final Preprocessing preprocessing;
  private final Call call;

  /**
   * How the module is called.
   *
   * @param input shape of a batch
   * @param type of its numbers
   * @param output place of the embeddings among what the module gives
   * @param width of one embedding
   */
  private record Call(Shape input, DataType type, int output, int width) {}

  /**
   * Loads a module.
   *
   * @param name of the file, for error messages
   * @param batchSize crops of one run; a module traced for single crops gets them one by one
   * @throws DataException if the bytes are not a module, or it gives no embeddings for such input
   */
  public static TorchScriptEmbedder open(
      byte[] program, String name, Preprocessing preprocessing, int batchSize) {
    return new TorchScriptEmbedder(program, name, preprocessing, batchSize);
  }

  private TorchScriptEmbedder(
      byte[] program, String name, Preprocessing preprocessing, int batchSize) {
    this.preprocessing = preprocessing;
    try {
      module = load(program, name, manager);
      JniUtils.enableInferenceMode(module);
      call = probed(batchSize, name);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Numbers the module stores. */
  static long storedNumbers(byte[] program, String name) {
    try (NDManager manager = Torch.newManager()) {
      return JniUtils.moduleGetParams(load(program, name, manager), (PtNDManager) manager).stream()
          .mapToLong(NDArray::size)
          .sum();
    }
  }

  private static PtSymbolBlock load(byte[] program, String name, NDManager manager) {
    try {
      return JniUtils.loadModule(
          (PtNDManager) manager, new ByteArrayInputStream(program), false, false);
    } catch (EngineException e) {
      throw new DataException(name + " is not a usable TorchScript file: " + firstLine(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first way of calling the module that gives embeddings. */
  private Call probed(int batchSize, String name) {
    for (DataType type : List.of(DataType.FLOAT32, DataType.FLOAT16)) {
      for (int batch : List.of(batchSize, 1)) {
        Shape input = new Shape(batch, 3, preprocessing.height(), preprocessing.width());
        List<Shape> outputs = outputs(input, type);
        List<Integer> fitting =
            IntStream.range(0, outputs.size())
                .filter(i -> isEmbedding(outputs.get(i), batch, outputs.size()))
                .boxed()
                .toList();
        if (fitting.size() > 1) {
          throw new DataException(
              "%s has several outputs that may be the embedding: %s; save a module that returns the embedding only"
                  .formatted(name, outputs));
        }
        if (fitting.size() == 1) {
          int output = fitting.get(0);
          return new Call(input, type, output, (int) outputs.get(output).get(1));
        }
      }
    }
    throw new DataException(
        "%s does not give one embedding for each image of %dx%d pixels; correct the input"
            .formatted(name, preprocessing.width(), preprocessing.height()));
  }

  /** One number for each image is an embedding only if there is nothing else. */
  private static boolean isEmbedding(Shape output, int batch, int outputs) {
    return output.dimension() == 2
        && output.get(0) == batch
        && output.get(1) >= (outputs == 1 ? 1 : 2);
  }

  /** Shapes of what the module gives for zeros of that shape and type; none if it fails. */
  private List<Shape> outputs(Shape shape, DataType type) {
    try (TensorScope scope = TensorScope.inference(manager)) {
      return run(scope.manager().zeros(shape, type)).stream().map(NDArray::getShape).toList();
    } catch (EngineException e) {
      return List.of();
    }
  }

  private NDList run(NDArray images) {
    NDList outputs = IValueUtils.forward(module, new NDList(images), false);
    outputs.attach(images.getManager());
    return outputs;
  }

  @Override
  public int embeddingSize() {
    return call.width();
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public float[][] embed(List<Pixels> crops) {
    return FixedBatches.embed(crops, preprocessing, (int) call.input().get(0), this::forward);
  }

  private synchronized float[] forward(FloatBuffer images) {
    try (TensorScope scope = TensorScope.inference(manager)) {
      NDArray batch = Torch.array(scope.manager(), images, call.input());
      return run(batch.toType(call.type(), false))
          .get(call.output())
          .toType(DataType.FLOAT32, false)
          .toFloatArray();
    }
  }

  private static String firstLine(EngineException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("unknown fault");
  }

  @Override
  public void close() {
    manager.close();
  }
}
