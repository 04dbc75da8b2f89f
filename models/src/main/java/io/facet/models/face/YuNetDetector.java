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

/** YuNet, a detector of 75 thousand weights with five landmarks, through ONNX Runtime. */
@AutoService(FaceDetector.class)
@Named(
    key = "yunet",
    version = 1,
    summary = "YuNet: small and fast, five landmarks, through ONNX Runtime.",
    source =
        "Wu, Peng, Yu: YuNet: a tiny millisecond-level face detector, 2023;"
            + " decoding as OpenCV's FaceDetectorYN")
public final class YuNetDetector implements FaceDetector<YuNetDetector.Options> {
  /**
   * Options of YuNet.
   *
   * @param model path of the ONNX file with dynamic input size
   * @param sha256 its digest
   * @param scoreThreshold lowest score
   * @param overlapThreshold of two boxes on one face
   * @param longestSide of the image the detector sees
   * @param borderRetry whether to look twice
   * @param threads of one detection
   */
  public record Options(
      @Description(
              value = "Path of YuNet's ONNX file with dynamic input size (yunet_n_dynamic.onnx).",
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
              defaultValue = "0.6")
          double scoreThreshold,
      @Description(
              value =
                  "Intersection over union above which the weaker of two boxes is the same face.",
              range = "(0, 1]",
              defaultValue = "0.3")
          double overlapThreshold,
      @Description(
              value = "Images with a longer side, in pixels, are shrunk to it for detection.",
              range = "[64, 4096]",
              defaultValue = "640")
          int longestSide,
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
  public YuNetSession open(Options options) {
    return new YuNetSession(bytes(options), options);
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
        options.longestSide(),
        options.borderRetry(),
        threads);
  }
}
