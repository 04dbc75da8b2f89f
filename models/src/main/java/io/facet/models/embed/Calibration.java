package io.facet.models.embed;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.facet.models.DataException;
import io.facet.models.OnnxRuntime;
import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.OnnxInput;
import io.facet.models.onnx.Quantisation.Range;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Ranges of a model's values over some crops: of each value the middle {@code percentile} percent,
 * with what lies beyond cut off at both ends in equal numbers. Reads the crops twice, first for the
 * extremes, then for a histogram between them.
 */
final class Calibration {
  private static final int BINS = 2048;
  private static final int BATCH = 4;

  private final Preprocessing preprocessing;
  private final Map<String, Seen> seen = new LinkedHashMap<>();

  private Calibration(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
  }

  /**
   * Runs a model over crops.
   *
   * @param model a float32 model with image input
   * @param file for error messages
   * @param values names of values it computes
   * @param percentile in (50, 100]; 100 keeps all
   */
  static Map<String, Range> ranges(
      ModelProto model,
      String file,
      Preprocessing preprocessing,
      List<String> values,
      List<Pixels> crops,
      double percentile) {
    Calibration calibration = new Calibration(preprocessing);
    values.forEach(value -> calibration.seen.put(value, new Seen()));
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session =
            OnnxRuntime.environment()
                .createSession(showing(model, values).toByteArray(), options)) {
      OnnxInput input = OnnxInput.of(session, file);
      calibration.run(session, input, crops, Seen::widen);
      calibration.seen.values().forEach(Seen::close);
      calibration.run(session, input, crops, Seen::count);
    } catch (OrtException e) {
      throw new DataException(
          "%s cannot be run by ONNX Runtime: %s".formatted(file, e.getMessage()), e);
    }
    Map<String, Range> ranges = new LinkedHashMap<>();
    calibration.seen.forEach((value, one) -> ranges.put(value, one.middle(percentile)));
    return ranges;
  }

  /** The model with these values as its outputs. */
  private static ModelProto showing(ModelProto model, List<String> values) {
    GraphProto.Builder graph = model.getGraph().toBuilder().clearOutput();
    Set<String> inputs =
        Set.copyOf(graph.getInputList().stream().map(ValueInfoProto::getName).toList());
    TypeProto floats =
        TypeProto.newBuilder()
            .setTensorType(
                TypeProto.Tensor.newBuilder().setElemType(TensorProto.DataType.FLOAT.getNumber()))
            .build();
    for (String value : values) {
      if (!inputs.contains(value)) {
        graph.addOutput(ValueInfoProto.newBuilder().setName(value).setType(floats));
      }
    }
    return model.toBuilder().setGraph(graph).build();
  }

  /** What is done with the numbers of a value. */
  @FunctionalInterface
  private interface Take {
    void of(Seen seen, FloatBuffer numbers);
  }

  private void run(OrtSession session, OnnxInput input, List<Pixels> crops, Take take)
      throws OrtException {
    long fixed = input.shape()[0];
    int batch = fixed > 0 ? (int) fixed : BATCH;
    for (int start = 0; start < crops.size(); start += batch) {
      List<Pixels> part = crops.subList(start, Math.min(crops.size(), start + batch));
      FloatBuffer images = images(part, batch);
      Seen asInput = seen.get(input.name());
      if (asInput != null) {
        take.of(asInput, images.duplicate());
      }
      long[] shape = {batch, 3, preprocessing.height(), preprocessing.width()};
      try (OnnxTensor tensor = input.tensor(images, shape);
          OrtSession.Result result = session.run(Map.of(input.name(), tensor))) {
        for (Map.Entry<String, OnnxValue> value : result) {
          take.of(seen.get(value.getKey()), ((OnnxTensor) value.getValue()).getFloatBuffer());
        }
      }
    }
  }

  /** A last batch that is not full repeats its crops. */
  private FloatBuffer images(List<Pixels> part, int batch) {
    FloatBuffer images =
        ByteBuffer.allocateDirect(batch * CropTensor.size(preprocessing) * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int i = 0; i < batch; i++) {
      CropTensor.put(part.get(i % part.size()), preprocessing, false, images);
    }
    return images.rewind();
  }

  /** The numbers of one value so far. */
  private static final class Seen {
    private final long[] bins = new long[BINS];
    private float low = Float.POSITIVE_INFINITY;
    private float high = Float.NEGATIVE_INFINITY;
    private boolean finite = true;
    private double perUnit;

    void widen(FloatBuffer numbers) {
      while (numbers.hasRemaining()) {
        float number = numbers.get();
        low = Math.min(low, number);
        high = Math.max(high, number);
        finite &= Float.isFinite(number);
      }
    }

    void close() {
      perUnit = high > low ? BINS / ((double) high - low) : 0;
    }

    void count(FloatBuffer numbers) {
      if (finite) {
        while (numbers.hasRemaining()) {
          bins[Math.min(BINS - 1, (int) ((numbers.get() - low) * perUnit))]++;
        }
      }
    }

    Range middle(double percentile) {
      if (!finite) {
        return new Range(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
      }
      long all = 0;
      for (long bin : bins) {
        all += bin;
      }
      double beyond = all * (1 - percentile / 100) / 2;
      int first = 0;
      for (long passed = bins[0]; passed <= beyond && first < BINS - 1; passed += bins[first]) {
        first++;
      }
      int last = BINS - 1;
      for (long passed = bins[last]; passed <= beyond && last > first; passed += bins[last]) {
        last--;
      }
      if (perUnit == 0) {
        return new Range(low, high);
      }
      return new Range((float) (low + first / perUnit), (float) (low + (last + 1) / perUnit));
    }
  }
}
