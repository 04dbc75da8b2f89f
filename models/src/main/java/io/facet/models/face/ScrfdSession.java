package io.facet.models.face;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.facet.models.DataException;
import io.facet.models.OnnxRuntime;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A loaded SCRFD; threads share it. It sees images fitted into 640x640 pixels, top left on black,
 * as {@code (v - 127.5) / 128} in the order R, G, B. Its outputs are told apart by their shapes:
 * scores {@code (N, 1)}, distances of the box's sides {@code (N, 4)} and landmarks {@code (N, 10)}
 * for the strides 8, 16 and 32, two anchors a cell, in strides from the cell's corner.
 */
public final class ScrfdSession implements FaceDetector.Session {
  private static final int SIDE = 640;
  private static final int[] STRIDES = {8, 16, 32};
  private static final int BOX = 4;
  private static final int POINTS = 10;

  private final ScrfdDetector.Options options;
  private final OrtEnvironment environment = OnnxRuntime.environment();
  private final OrtSession session;
  private final String input;

  ScrfdSession(byte[] model, ScrfdDetector.Options options) {
    this.options = options;
    try (OrtSession.SessionOptions settings = new OrtSession.SessionOptions()) {
      settings.setIntraOpNumThreads(options.threads());
      settings.setInterOpNumThreads(1);
      session = environment.createSession(model, settings);
      input = session.getInputNames().iterator().next();
    } catch (OrtException e) {
      throw new DataException(
          "'%s' cannot be loaded as an ONNX model: %s".formatted(options.model(), e.getMessage()),
          e);
    }
    try {
      run(new Pixels(1, 1, new byte[3]));
    } catch (OrtException | DataException e) {
      close();
      throw new DataException(
          "'%s' is not an SCRFD with landmarks (%s); use a file such as scrfd_500m_bnkps.onnx"
              .formatted(options.model(), e.getMessage()),
          e);
    }
  }

  @Override
  public FaceFinding find(Pixels image, float[] knownLandmarks) {
    return new FaceFinding.Faces(detect(image));
  }

  /** All faces at or above the threshold, best score first, in pixels of the image. */
  public List<DetectedFace> detect(Pixels image) {
    List<DetectedFace> faces = detect(image, 0);
    if (faces.isEmpty() && options.borderRetry()) {
      int border = Math.max(image.width(), image.height()) / 2;
      faces = detect(DetectorInput.framed(image, border), border);
    }
    return faces;
  }

  private List<DetectedFace> detect(Pixels framed, int border) {
    Pixels seen = DetectorInput.fitted(framed, SIDE);
    try {
      return DetectorInput.inImage(
          NonMaximumSuppression.keep(run(seen), options.overlapThreshold()), framed, seen, border);
    } catch (OrtException e) {
      throw new IllegalStateException("SCRFD failed on an image of 640x640", e);
    }
  }

  private List<DetectedFace> run(Pixels seen) throws OrtException {
    FloatBuffer buffer =
        ByteBuffer.allocateDirect(3 * SIDE * SIDE * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    planes(seen, buffer);
    List<DetectedFace> faces = new ArrayList<>();
    try (OnnxTensor tensor =
            OnnxTensor.createTensor(environment, buffer, new long[] {1, 3, SIDE, SIDE});
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      Map<Integer, List<float[]>> outputs = outputs(result);
      for (int i = 0; i < STRIDES.length; i++) {
        int stride = STRIDES[i];
        decode(
            outputs.get(1).get(i),
            outputs.get(BOX).get(i),
            outputs.get(POINTS).get(i),
            stride,
            faces);
      }
    }
    return faces;
  }

  /** By the width of a row, the finest grid first. */
  private static Map<Integer, List<float[]>> outputs(OrtSession.Result result) {
    Map<Integer, List<float[]>> outputs = new TreeMap<>();
    for (Map.Entry<String, OnnxValue> output : result) {
      if (output.getValue() instanceof OnnxTensor tensor) {
        long[] shape = tensor.getInfo().getShape();
        outputs
            .computeIfAbsent((int) shape[shape.length - 1], width -> new ArrayList<>())
            .add(tensor.getFloatBuffer().array());
      }
    }
    for (int width : new int[] {1, BOX, POINTS}) {
      List<float[]> grids = outputs.getOrDefault(width, List.of());
      if (grids.size() != STRIDES.length) {
        throw new DataException(
            "%d outputs with rows of %d numbers, not three".formatted(grids.size(), width));
      }
      grids.sort(Comparator.comparingInt((float[] grid) -> -grid.length));
    }
    return outputs;
  }

  private void decode(
      float[] scores, float[] boxes, float[] points, int stride, List<DetectedFace> faces) {
    int columns = SIDE / stride;
    int anchors = scores.length / (columns * columns);
    if (anchors < 1 || scores.length != anchors * columns * columns) {
      throw new DataException(
          "%d scores for %d cells of stride %d"
              .formatted(scores.length, columns * columns, stride));
    }
    for (int i = 0; i < scores.length; i++) {
      if (scores[i] >= options.scoreThreshold()) {
        int cell = i / anchors;
        float x = cell % columns * (float) stride;
        float y = cell / columns * (float) stride;
        float left = x - boxes[i * BOX] * stride;
        float top = y - boxes[i * BOX + 1] * stride;
        float[] landmarks = new float[POINTS];
        for (int n = 0; n < POINTS; n += 2) {
          landmarks[n] = x + points[i * POINTS + n] * stride;
          landmarks[n + 1] = y + points[i * POINTS + n + 1] * stride;
        }
        faces.add(
            new DetectedFace(
                left,
                top,
                x + boxes[i * BOX + 2] * stride - left,
                y + boxes[i * BOX + 3] * stride - top,
                landmarks,
                Math.min(1, scores[i])));
      }
    }
  }

  private static void planes(Pixels image, FloatBuffer target) {
    byte[] bgr = image.bgr();
    float[] row = new float[SIDE];
    for (int channel = 2; channel >= 0; channel--) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          boolean inside = x < image.width() && y < image.height();
          int value = inside ? bgr[(y * image.width() + x) * 3 + channel] & 0xFF : 0;
          row[x] = (value - 127.5f) / 128;
        }
        target.put(row);
      }
    }
    target.flip();
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("SCRFD's session does not close", e);
    }
  }
}
