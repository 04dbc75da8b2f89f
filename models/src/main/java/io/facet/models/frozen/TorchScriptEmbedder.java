package io.facet.models.frozen;

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
import io.facet.models.backbone.Embedder;
import io.facet.models.backbone.FixedBatches;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Embeds with a TorchScript module in evaluation mode; one batch at a time, so one copy serves all
 * threads. PyTorch reads the file itself and runs no Python.
 */
public final class TorchScriptEmbedder implements Embedder {
  private final NDManager manager = Torch.newManager();
  private final PtSymbolBlock module;
  private final Preprocessing preprocessing;
  private final Shape input;
  private final int width;

  /**
   * Loads a module.
   *
   * @param name of the file, for error messages
   * @param batchSize crops of one run; a module traced for single crops gets them one by one
   * @throws DataException if the bytes are no module, or it gives no embeddings for such input
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
      Shape wanted = input(batchSize);
      int probed = probe(wanted);
      if (probed == 0 && batchSize > 1) {
        wanted = input(1);
        probed = probe(wanted);
      }
      if (probed == 0) {
        throw new DataException(
            "%s does not give one embedding for each picture of %dx%d pixels; correct the input"
                .formatted(name, preprocessing.width(), preprocessing.height()));
      }
      input = wanted;
      width = probed;
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
      throw new DataException(name + " is no usable TorchScript file: " + firstLine(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Shape input(int batch) {
    return new Shape(batch, 3, preprocessing.height(), preprocessing.width());
  }

  /** Width of the embeddings the module gives for zeros of that shape; 0 if it gives none. */
  private int probe(Shape shape) {
    try (TensorScope scope = TensorScope.inference(manager)) {
      Shape output = run(scope.manager().zeros(shape)).getShape();
      return output.dimension() == 2 && output.get(0) == shape.get(0) ? (int) output.get(1) : 0;
    } catch (EngineException e) {
      return 0;
    }
  }

  /** The first output of the module, as float32. */
  private NDArray run(NDArray images) {
    NDList outputs = IValueUtils.forward(module, new NDList(images), false);
    outputs.attach(images.getManager());
    return outputs.head().toType(DataType.FLOAT32, false);
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
    return FixedBatches.embed(crops, preprocessing, (int) input.get(0), this::forward);
  }

  private synchronized float[] forward(FloatBuffer images) {
    try (TensorScope scope = TensorScope.inference(manager)) {
      return run(Torch.array(scope.manager(), images, input)).toFloatArray();
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
