package io.facet.models.face;

import com.google.auto.service.AutoService;
import io.facet.models.option.CommandLineForm;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.option.RecordBinder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** SCRFD, a detector with five landmarks (layouts of 500M and 2.5G), through ONNX Runtime. */
@AutoService(FaceDetector.class)
@Named(
    key = "scrfd",
    version = 1,
    summary = "SCRFD: InsightFace's detectors with five landmarks, through ONNX Runtime.",
    source = "Guo et al.: Sample and Computation Redistribution for Efficient Face Detection, 2021")
public final class ScrfdDetector implements FaceDetector<ScrfdDetector.Options> {
  /**
   * Options of SCRFD.
   *
   * @param model path of the ONNX file
   * @param sha256 its digest
   * @param scoreThreshold lowest score
   * @param overlapThreshold of two boxes on one face
   * @param borderRetry whether to look twice
   * @param threads of one detection
   */
  public record Options(
      @Description(
              value = "Path of SCRFD's ONNX file with landmarks (scrfd_..._bnkps.onnx).",
              affectsResult = false)
          String model,
      @Description(
              value = "SHA-256 the file must have, 64 hexadecimal digits.",
              defaultValue = Description.ABSENT,
              affectsResult = false)
          Optional<String> sha256,
      @Description(
              value = "Faces below this score do not count.",
              range = "(0, 1]",
              defaultValue = "0.5")
          double scoreThreshold,
      @Description(
              value =
                  "Intersection over union above which the weaker of two boxes is the same face.",
              range = "(0, 1]",
              defaultValue = "0.4")
          double overlapThreshold,
      @Description(
              value =
                  "An image without a face is looked at again inside a black border: finds faces"
                      + " that fill it.",
              defaultValue = "true")
          boolean borderRetry,
      @Description(
              value = "Threads of one detection; does not change the result.",
              range = "[1, 64]",
              defaultValue = "1",
              affectsResult = false)
          int threads) {}

  @Override
  public Optional<CommandLineForm> commandLineForm() {
    return Optional.of(
        new CommandLineForm(
            "FILE", text -> Map.of("model", Path.of(text).toAbsolutePath().toString())));
  }

  @Override
  public Options withFiles(Options options, UnaryOperator<String> places) {
    return withModel(options, places.apply(options.model()), options.sha256(), options.threads());
  }

  @Override
  public String identity(Options options) {
    String digest = FileDigest.sha256(bytes(options));
    Options plain = withModel(options, "", Optional.of(digest), 1);
    return key() + "@" + version() + RecordBinder.toJson(plain);
  }

  @Override
  public ScrfdSession open(Options options) {
    return new ScrfdSession(bytes(options), options);
  }

  private static byte[] bytes(Options options) {
    return FileDigest.read("face detector", Path.of(options.model()), options.sha256());
  }

  private static Options withModel(
      Options options, String model, Optional<String> sha256, int threads) {
    return new Options(
        model,
        sha256,
        options.scoreThreshold(),
        options.overlapThreshold(),
        options.borderRetry(),
        threads);
  }
}
