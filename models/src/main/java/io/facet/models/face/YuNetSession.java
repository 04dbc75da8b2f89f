package io.facet.models.face;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.facet.models.DataException;
import io.facet.models.OnnxRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      for (int stride : YuNetDecoding.STRIDES) {
        if (!session.getOutputNames().contains("kps_" + stride)) {
          session.close();
          throw new DataException(
              "'%s' is no YuNet: it has no output kps_%d".formatted(options.model(), stride));
        }
      }
    } catch (OrtException e) {
      throw new DataException(
          "'%s' cannot be loaded as an ONNX model: %s".formatted(options.model(), e.getMessage()),
          e);
    }
  }

  @Override
  public FaceFinding find(Pixels picture, float[] knownLandmarks) {
    return new FaceFinding.Faces(detect(picture));
  }

  /** All faces at or above the threshold, best score first, in pixels of the picture. */
  public List<DetectedFace> detect(Pixels picture) {
    Pixels seen = DetectorInput.shrunk(picture, options.longestSide());
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
    List<DetectedFace> faces = NonMaximumSuppression.keep(candidates, options.overlapThreshold());
    return seen == picture
        ? faces
        : faces.stream().map(face -> enlarged(face, seen, picture)).toList();
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

  /**
   * From pixels of the shrunk picture to pixels of the picture; pixels have their middles at whole
   * numbers.
   */
  private static DetectedFace enlarged(DetectedFace face, Pixels seen, Pixels picture) {
    float scaleX = (float) picture.width() / seen.width();
    float scaleY = (float) picture.height() / seen.height();
    float shiftX = (scaleX - 1) / 2;
    float shiftY = (scaleY - 1) / 2;
    float[] landmarks = face.landmarks().clone();
    for (int i = 0; i < landmarks.length; i += 2) {
      landmarks[i] = landmarks[i] * scaleX + shiftX;
      landmarks[i + 1] = landmarks[i + 1] * scaleY + shiftY;
    }
    return new DetectedFace(
        face.x() * scaleX + shiftX,
        face.y() * scaleY + shiftY,
        face.width() * scaleX,
        face.height() * scaleY,
        landmarks,
        face.score());
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
