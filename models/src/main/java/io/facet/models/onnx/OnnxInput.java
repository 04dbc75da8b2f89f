package io.facet.models.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import io.facet.models.DataException;
import io.facet.models.OnnxRuntime;
import io.facet.models.face.Preprocessing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The image input of an ONNX model: {@code (N, 3, H, W)} of float32, float16, float64 or uint8.
 *
 * @param name of the input
 * @param type of its numbers
 * @param shape as the model says it; what it leaves open is not positive
 */
@SuppressWarnings("ArrayRecordComponent")
public record OnnxInput(String name, OnnxJavaType type, long[] shape) {

  /**
   * The only input of a model.
   *
   * @param file for error messages
   * @throws DataException if it takes something else than images
   */
  public static OnnxInput of(OrtSession session, String file) throws OrtException {
    Map<String, NodeInfo> inputs = session.getInputInfo();
    if (inputs.size() != 1) {
      throw new DataException(
          "%s has the inputs %s; needs one batch of images".formatted(file, inputs.keySet()));
    }
    String name = inputs.keySet().iterator().next();
    if (!(inputs.get(name).getInfo() instanceof TensorInfo info) || info.getShape().length != 4) {
      throw new DataException(
          "%s: input '%s' is not a batch of images (N, 3, H, W); export it with one"
              .formatted(file, name));
    }
    long[] shape = info.getShape();
    if (shape[3] == 3 && shape[1] != 3) {
      throw new DataException(
          "%s takes images as %s, channels last; export it with channels first (N, 3, H, W)"
              .formatted(file, Arrays.toString(shape)));
    }
    return switch (info.type) {
      case FLOAT, FLOAT16, DOUBLE, UINT8 -> new OnnxInput(name, info.type, shape);
      default ->
          throw new DataException(
              "%s takes images of type %s; export it with float32 input"
                  .formatted(file, info.type));
    };
  }

  /** The contract of a model of this input: bytes are pixels as they are, whatever else it says. */
  public Preprocessing contract(Preprocessing given) {
    if (type != OnnxJavaType.UINT8) {
      return given;
    }
    return new Preprocessing(
        given.colourOrder(),
        given.width(),
        given.height(),
        List.of(0.0, 0.0, 0.0),
        Collections.nCopies(3, 1 / 255.0),
        given.template(),
        given.flipFusion());
  }

  /**
   * Images as the model takes them.
   *
   * @param images {@code (N, 3, H, W)}, by the contract
   * @param batch their shape
   */
  public OnnxTensor tensor(FloatBuffer images, long[] batch) throws OrtException {
    OrtEnvironment environment = OnnxRuntime.environment();
    return switch (type) {
      case FLOAT16 ->
          OnnxTensor.createTensor(
              environment,
              Fp16Conversions.convertFloatBufferToFp16Buffer(images),
              batch,
              OnnxJavaType.FLOAT16);
      case DOUBLE -> OnnxTensor.createTensor(environment, doubles(images), batch);
      case UINT8 -> OnnxTensor.createTensor(environment, bytes(images), batch, OnnxJavaType.UINT8);
      default -> OnnxTensor.createTensor(environment, images, batch);
    };
  }

  private static DoubleBuffer doubles(FloatBuffer images) {
    DoubleBuffer wide =
        ByteBuffer.allocateDirect(8 * images.remaining())
            .order(ByteOrder.nativeOrder())
            .asDoubleBuffer();
    while (images.hasRemaining()) {
      wide.put(images.get());
    }
    return wide.rewind();
  }

  private static ByteBuffer bytes(FloatBuffer images) {
    ByteBuffer narrow =
        ByteBuffer.allocateDirect(images.remaining()).order(ByteOrder.nativeOrder());
    while (images.hasRemaining()) {
      narrow.put((byte) Math.round(images.get()));
    }
    return narrow.rewind();
  }
}
