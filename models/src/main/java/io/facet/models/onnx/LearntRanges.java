package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.onnx.Quantisation.Range;
import io.facet.models.option.RecordBinder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a training with fake quantisation settled on, as the metadata of a model file keep it and
 * its export to int8 takes it up.
 *
 * @param weightBits bits of a weight, 7 or 8
 * @param values names of the values that have a range, see {@link Quantisation#values}
 * @param low the least number of each value
 * @param high the largest number of each value
 */
public record LearntRanges(
    int weightBits, List<String> values, List<Double> low, List<Double> high) {
  /** Key of the note in the metadata of a model file or an ONNX model. */
  public static final String NOTE = "quantisation";

  /** The ranges by the names of their values. */
  public static LearntRanges of(int weightBits, Map<String, Range> ranges) {
    return new LearntRanges(
        weightBits,
        List.copyOf(ranges.keySet()),
        ranges.values().stream().map(range -> (double) range.low()).toList(),
        ranges.values().stream().map(range -> (double) range.high()).toList());
  }

  /** Those of an ONNX model, if it keeps some. */
  public static Optional<LearntRanges> of(ModelProto model, String file) {
    return model.getMetadataPropsList().stream()
        .filter(entry -> entry.getKey().equals(NOTE))
        .findFirst()
        .map(StringStringEntryProto::getValue)
        .map(note -> read(note, file));
  }

  private static LearntRanges read(String note, String file) {
    try {
      LearntRanges read = RecordBinder.bindJson(LearntRanges.class, note);
      if (read.low.size() == read.values.size() && read.high.size() == read.values.size()) {
        return read;
      }
    } catch (RecipeException e) {
      throw damaged(file, e);
    }
    throw damaged(file, null);
  }

  private static DataException damaged(String file, RecipeException cause) {
    return new DataException(
        "%s: the note '%s' holds no ranges of a training; train it again".formatted(file, NOTE),
        cause);
  }

  /** The text of the note. */
  public String note() {
    return RecordBinder.toJson(this);
  }

  /**
   * The ranges for a model.
   *
   * @param needed its {@link Quantisation#values}
   * @throws DataException if the model is not the network that learnt them
   */
  Map<String, Range> ranges(List<String> needed, String file) {
    if (!needed.equals(values)) {
      throw new DataException(
          "%s keeps ranges that were learnt for another graph than the one it has; train it again with this version of Facet"
              .formatted(file));
    }
    Map<String, Range> ranges = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      ranges.put(values.get(i), new Range(low.get(i).floatValue(), high.get(i).floatValue()));
    }
    return ranges;
  }
}
