package io.facet.models.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.facet.models.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The output of an ONNX model that gives embeddings: floating-point numbers, one row of at least
 * two for each image.
 *
 * @param name of the output
 * @param width numbers of one embedding
 * @param type of the numbers
 */
public record OnnxOutput(String name, int width, OnnxJavaType type) {
  private static final Set<OnnxJavaType> NUMBERS =
      Set.of(OnnxJavaType.FLOAT, OnnxJavaType.FLOAT16, OnnxJavaType.BFLOAT16, OnnxJavaType.DOUBLE);

  /** Runs the model once, on nothing but zeros, where it does not say all its shapes. */
  @FunctionalInterface
  public interface Probe {
    OrtSession.Result run() throws OrtException;
  }

  /**
   * Finds it by type and shape.
   *
   * @param file for error messages
   * @throws DataException if there is none, or more than one
   */
  public static OnnxOutput of(OrtSession session, String file, Probe probe) throws OrtException {
    Map<String, TensorInfo> outputs = tensors(session);
    if (outputs.values().stream().anyMatch(info -> NUMBERS.contains(info.type) && !isKnown(info))) {
      outputs = ran(outputs, probe);
    }
    List<OnnxOutput> candidates = new ArrayList<>();
    for (Map.Entry<String, TensorInfo> output : outputs.entrySet()) {
      int width = width(output.getValue().getShape());
      if (NUMBERS.contains(output.getValue().type)
          && width >= (session.getOutputInfo().size() == 1 ? 1 : 2)) {
        candidates.add(new OnnxOutput(output.getKey(), width, output.getValue().type));
      }
    }
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    throw new DataException(
        candidates.isEmpty()
            ? "%s gives no embeddings, one row of numbers for each image; its outputs are %s; export the embedding as an output"
                .formatted(file, described(outputs))
            : "%s has several outputs that may be the embedding: %s; name one: --output NAME, or in a recipe onnx: {output: NAME}"
                .formatted(file, described(outputs)));
  }

  private static Map<String, TensorInfo> tensors(OrtSession session) throws OrtException {
    Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, NodeInfo> output : session.getOutputInfo().entrySet()) {
      if (output.getValue().getInfo() instanceof TensorInfo info) {
        tensors.put(output.getKey(), info);
      }
    }
    return tensors;
  }

  /** With the shapes that a run gave. */
  private static Map<String, TensorInfo> ran(Map<String, TensorInfo> outputs, Probe probe)
      throws OrtException {
    Map<String, TensorInfo> known = new LinkedHashMap<>();
    try (OrtSession.Result result = probe.run()) {
      for (String name : outputs.keySet()) {
        OnnxValue value = result.get(name).orElseThrow();
        if (value instanceof OnnxTensorLike tensor) {
          known.put(name, tensor.getInfo());
        }
      }
    }
    return known;
  }

  /** Whether all but the number of images is said. */
  private static boolean isKnown(TensorInfo info) {
    return Arrays.stream(info.getShape()).skip(1).allMatch(side -> side > 0);
  }

  /** Numbers of one row: (N, width), or with sides of 1 behind; 0 if it is not a row. */
  private static int width(long[] shape) {
    if (shape.length < 2) {
      return 0;
    }
    long[] sides = Arrays.stream(shape).skip(1).filter(side -> side != 1).toArray();
    return sides.length > 1 ? 0 : sides.length == 0 ? 1 : Math.toIntExact(sides[0]);
  }

  private static String described(Map<String, TensorInfo> outputs) {
    List<String> texts = new ArrayList<>();
    outputs.forEach(
        (name, info) ->
            texts.add("'%s' %s %s".formatted(name, info.type, Arrays.toString(info.getShape()))));
    return String.join(", ", texts);
  }
}
