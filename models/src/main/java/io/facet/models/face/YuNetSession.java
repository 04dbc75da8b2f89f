package io.facet.models.face;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.facet.models.DataException;
import io.facet.models.OnnxRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A loaded YuNet; threads share it. */
public final class YuNetSession implements FaceDetector.Session {
  private static final int PADDING = 32;

  private final YuNetDetector.Options options;
  private final OrtEnvironment environment = OnnxRuntime.environment();
  private final OrtSession session;
  private final String input;

  /** Direct buffers of detections that ended, for the next ones. */
  private final Queue<FloatBuffer> spare = new ConcurrentLinkedQueue<>();

  YuNetSession(byte[] model, YuNetDetector.Options options) {
    this.options = options;
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      settings.setIntraOpNumThreads(options.threads());
      settings.setInterOpNumThreads(1);
      // Patterns are kept for every input size ever seen.
      settings.setMemoryPatternOptimization(false);
      session = environment.createSession(model, settings);
      input = session.getInputNames().iterator().next();
      Optional<String> fault = fault(session);
      if (fault.isPresent()) {
        session.close();
        throw new DataException("'%s' %s".formatted(options.model(), fault.get()));
      }
    } catch (OrtException e) {
      throw new DataException(
          "'%s' cannot be loaded as an ONNX model: %s".formatted(options.model(), e.getMessage()),
          e);
    }
  }

  /** Why a network is not a YuNet that takes images of any size, or empty. */
  private static Optional<String> fault(OrtSession session) throws OrtException {
    for (int stride : YuNetDecoding.STRIDES) {
      for (String output : List.of("cls_", "obj_", "bbox_", "kps_")) {
        if (!session.getOutputNames().contains(output + stride)) {
          return Optional.of(
              "is not a YuNet: it has no output %s%d but %s; use yunet_n_dynamic.onnx"
                  .formatted(output, stride, session.getOutputNames()));
        }
      }
    }
    NodeInfo image = session.getInputInfo().values().iterator().next();
    if (image.getInfo() instanceof TensorInfo tensor && tensor.getShape().length == 4) {
      long height = tensor.getShape()[2];
      long width = tensor.getShape()[3];
      return height < 0 && width < 0
          ? Optional.empty()
          : Optional.of(
              "takes images of %dx%d pixels only; use YuNet with dynamic input size (yunet_n_dynamic.onnx)"
                  .formatted(width, height));
    }
    return Optional.of("is not a YuNet: it does not take one batch of images");
  }

  @Override
  public FaceFinding find(Pixels image, float[] knownLandmarks) {
    return new FaceFinding.Faces(detect(image));
  }

  /** All faces at or above the threshold, best score first, in pixels of the image. */
  public List<DetectedFace> detect(Pixels image) {
    Pixels seen = DetectorInput.shrunk(image, options.longestSide());
    List<DetectedFace> faces = detectAtSize(seen);
    if (faces.isEmpty() && options.borderRetry()) {
      faces = detectInBorder(seen);
    }
    return DetectorInput.inImage(faces, image, seen, 0);
  }

  /** A face that fills the image is seen better with some black around it. */
  private List<DetectedFace> detectInBorder(Pixels image) {
    int border = Math.max(image.width(), image.height()) / 2;
    Pixels framed = DetectorInput.framed(image, border);
    Pixels seen = DetectorInput.shrunk(framed, options.longestSide());
    return DetectorInput.inImage(detectAtSize(seen), framed, seen, border);
  }

  private List<DetectedFace> detectAtSize(Pixels seen) {
    int width = DetectorInput.padded(seen.width(), PADDING);
    int height = DetectorInput.padded(seen.height(), PADDING);
    FloatBuffer buffer = borrow(3 * width * height);
    List<DetectedFace> candidates;
    try {
      DetectorInput.planes(seen, width, height, buffer);
      buffer.flip();
      candidates = run(buffer, width, height);
    } finally {
      spare.add(buffer);
    }
    return NonMaximumSuppression.keep(candidates, options.overlapThreshold());
  }

  private List<DetectedFace> run(FloatBuffer buffer, int width, int height) {
    long[] shape = {1, 3, height, width};
    List<DetectedFace> candidates = new ArrayList<>();
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      for (int stride : YuNetDecoding.STRIDES) {
        YuNetDecoding.Grid grid =
            new YuNetDecoding.Grid(
                floats(result, "cls_" + stride),
                floats(result, "obj_" + stride),
                floats(result, "bbox_" + stride),
                floats(result, "kps_" + stride));
        YuNetDecoding.decode(grid, width / stride, stride, options.scoreThreshold(), candidates);
      }
    } catch (OrtException e) {
      throw new IllegalStateException(
          "YuNet failed on an input of %dx%d".formatted(width, height), e);
    }
    return candidates;
  }

  private static float[] floats(OrtSession.Result result, String name) {
    return ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer().array();
  }

  private FloatBuffer borrow(int floats) {
    FloatBuffer buffer = spare.poll();
    if (buffer == null || buffer.capacity() < floats) {
      buffer =
          ByteBuffer.allocateDirect(floats * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
    }
    return buffer.clear();
  }

  @Override
  public void close() {
    spare.clear();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("YuNet's session does not close", e);
    }
  }
}
