package io.facet.models.embed;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import io.facet.models.DataException;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.models.onnx.BatchNormFolding;
import io.facet.models.onnx.GraphSteps;
import io.facet.models.onnx.HalfPrecision;
import io.facet.models.onnx.LearntRanges;
import io.facet.models.onnx.OnnxProgram;
import io.facet.models.onnx.Quantisation;
import io.facet.models.option.RecordBinder;
import io.facet.models.weights.ModelFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A float32 ONNX model made into the file that a phone or a server runs: batch normalisation
 * folded, in another precision, with flip fusion and the length of 1 in the graph where asked.
 *
 * @param precision of the network
 * @param flipFusion whether the graph adds the embedding of the mirror image; whoever uses the file
 *     must not do so again, so its contract says none
 * @param normalised whether embeddings have length 1
 * @param calibration for {@link Precision#INT8}, unless the model keeps what its training learnt
 */
public record OnnxVariant(
    Precision precision, boolean flipFusion, boolean normalised, CalibrationOptions calibration) {
  private static final String PRECISION = "precision";

  /** The float32 form of a model of ours, with batch normalisation folded. */
  public static byte[] folded(ModelFile model, String file) {
    return new OnnxVariant(Precision.FLOAT32, false, false, new CalibrationOptions(1, 100, 8))
        .of(OnnxExport.bytes(model), file, model.preprocessing(), List.of());
  }

  /**
   * Whether crops are needed to calibrate with: for int8, unless the model keeps the ranges that
   * its training learnt.
   *
   * @param program a float32 ONNX model
   * @param file its name, for error messages
   */
  public boolean needsCrops(byte[] program, String file) {
    return precision == Precision.INT8
        && LearntRanges.of(OnnxProgram.parse(program, file), file).isEmpty();
  }

  /**
   * The model's bytes.
   *
   * @param program a float32 ONNX model
   * @param file its name, for error messages
   * @param contract its preprocessing
   * @param crops aligned faces to calibrate with, at least one where {@link #needsCrops}
   * @throws DataException if the bytes are no such model, or it has no such form
   */
  public byte[] of(byte[] program, String file, Preprocessing contract, List<Pixels> crops) {
    if (crops.isEmpty() && needsCrops(program, file)) {
      throw new DataException("no aligned face to calibrate " + file + " with");
    }
    ModelProto model = BatchNormFolding.fold(OnnxProgram.parse(program, file), file);
    model =
        switch (precision) {
          case FLOAT32 -> model;
          case FLOAT16 -> HalfPrecision.of(model, file);
          case INT8 -> quantised(model, file, contract, crops);
        };
    Preprocessing left = contract;
    if (flipFusion) {
      model = GraphSteps.withFlipFusion(model, file);
      left = contract.with(FlipFusion.NONE);
    }
    if (normalised) {
      model = GraphSteps.withNormalisation(model, file);
    }
    return described(model, left).toByteArray();
  }

  /** With the ranges that the model's training learnt, or those that it has on the crops. */
  private ModelProto quantised(
      ModelProto model, String file, Preprocessing contract, List<Pixels> crops) {
    Quantisation quantisation = Quantisation.of(model, file);
    Optional<LearntRanges> learnt = LearntRanges.of(model, file);
    if (learnt.isPresent()) {
      return quantisation.quantised(learnt.get());
    }
    return quantisation.quantised(
        Calibration.ranges(
            model, file, contract, quantisation.values(), crops, calibration.percentile()),
        calibration.weightBits());
  }

  private ModelProto described(ModelProto model, Preprocessing contract) {
    Map<String, String> metadata = new TreeMap<>();
    model.getMetadataPropsList().forEach(one -> metadata.put(one.getKey(), one.getValue()));
    if (precision != Precision.FLOAT32 || flipFusion || normalised) {
      metadata.remove(LearntRanges.NOTE); // they are of the graph as it was
    }
    metadata.put(ModelFile.PREPROCESSING, RecordBinder.toJson(contract));
    metadata.put(PRECISION, precision.key());
    ModelProto.Builder proto = model.toBuilder().clearMetadataProps();
    metadata.forEach(
        (key, value) ->
            proto.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    return proto.build();
  }
}
