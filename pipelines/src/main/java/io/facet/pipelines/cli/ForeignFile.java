package io.facet.pipelines.cli;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.facet.models.DataException;
import io.facet.models.OnnxRuntime;
import io.facet.models.embed.EmbedderLoader;
import io.facet.models.face.ImageException;
import io.facet.models.face.ImageHeader;
import io.facet.models.face.ImageLimits;
import io.facet.models.face.ImageProbe;
import io.facet.models.format.CsvPairs;
import io.facet.models.format.LfwPairs;
import io.facet.models.format.NamedPair;
import io.facet.models.format.PairsBin;
import io.facet.models.format.RecordIo;
import io.facet.models.format.TextFile;
import io.facet.models.weights.ModelFile;
import io.facet.pipelines.report.OneLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What is in a file of the field's formats, in a few lines. */
final class ForeignFile {
  private static final int SAMPLE = 100;

  private ForeignFile() {}

  /**
   * Describes a file by its ending: ONNX, RecordIO, verification pickles, pair lists. Empty for
   * others.
   *
   * @throws DataException if it is not what its ending says
   */
  static Optional<List<String>> describe(Path file) throws IOException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "onnx" -> Optional.of(onnx(file));
      case "rec" -> Optional.of(recordIo(file));
      case "bin" -> Optional.of(bin(file));
      case "csv", "tsv" -> Optional.of(pairs(CsvPairs.parse(text(file), file.toString(), "")));
      case "txt" -> Optional.of(pairs(LfwPairs.parse(text(file), file.toString(), "jpg")));
      default -> Optional.empty();
    };
  }

  private static List<String> onnx(Path file) throws IOException {
    byte[] program = EmbedderLoader.wholeOnnx(file);
    List<String> lines = new ArrayList<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = OnnxRuntime.environment().createSession(program, options)) {
      session.getInputInfo().forEach((name, info) -> lines.add("input   " + tensor(name, info)));
      session.getOutputInfo().forEach((name, info) -> lines.add("output  " + tensor(name, info)));
      Map<String, String> metadata = session.getMetadata().getCustomMetadata();
      lines.add(
          ModelFile.preprocessing(metadata)
              .map(contract -> "expects " + contract)
              .orElse(
                  "what it expects (mean, deviation, colour order) does not stand in the file;"
                      + " Facet takes RGB scaled to -1..1 unless 'input' says otherwise"));
      new TreeMap<>(metadata).forEach((key, value) -> lines.add(OneLine.of(key + ": " + value)));
    } catch (OrtException e) {
      throw new DataException(file + " is not a usable ONNX model: " + e.getMessage(), e);
    }
    return lines;
  }

  private static String tensor(String name, NodeInfo info) {
    if (!(info.getInfo() instanceof TensorInfo tensor)) {
      return OneLine.of(name + "  " + info.getInfo());
    }
    String shape =
        Arrays.stream(tensor.getShape())
            .mapToObj(side -> side < 0 ? "any" : Long.toString(side))
            .collect(Collectors.joining(", ", "(", ")"));
    return "%s  %s %s"
        .formatted(OneLine.of(name), tensor.type.toString().toLowerCase(Locale.ROOT), shape);
  }

  private static List<String> recordIo(Path file) {
    Map<Long, Integer> images = new TreeMap<>();
    List<byte[]> some = new ArrayList<>();
    RecordIo.read(
        file,
        image -> {
          long identity = image.identity().orElseThrow(() -> unknownLabel(file, image));
          images.merge(identity, 1, Integer::sum);
          if (some.size() < SAMPLE) {
            some.add(image.payload());
          }
        });
    int all = images.values().stream().mapToInt(Integer::intValue).sum();
    int unlabelled =
        images.entrySet().stream()
            .filter(entry -> entry.getKey() < 0)
            .mapToInt(Map.Entry::getValue)
            .sum();
    long people = images.keySet().stream().filter(identity -> identity >= 0).count();
    return List.of(
        "%d images: %d of %d people, %d without a label"
            .formatted(all, all - unlabelled, people, unlabelled),
        sizes(some));
  }

  private static DataException unknownLabel(Path file, RecordIo.Image image) {
    return new DataException(
        "%s record %d has the label %s, which is not a whole number; number the identities 0, 1, 2 ..."
            .formatted(file, image.key(), image.labels()[0]));
  }

  private static List<String> bin(Path file) {
    PairsBin pairs = PairsBin.read(file);
    long same = pairs.same().stream().filter(answer -> answer).count();
    List<byte[]> images = pairs.images();
    return List.of(
        "%d pairs: %d of one person, %d of two"
            .formatted(pairs.same().size(), same, pairs.same().size() - same),
        sizes(images.subList(0, Math.min(SAMPLE, images.size()))));
  }

  private static List<String> pairs(List<NamedPair> pairs) {
    long same = pairs.stream().filter(NamedPair::same).count();
    return List.of(
        "%d pairs: %d of one person, %d of two; %d folds"
            .formatted(
                pairs.size(),
                same,
                pairs.size() - same,
                pairs.stream().mapToInt(NamedPair::fold).distinct().count()));
  }

  /** Sizes of some images by how often they come, such as {@code 100 images looked at: 112x112}. */
  private static String sizes(List<byte[]> images) {
    Map<String, Integer> sizes = new TreeMap<>();
    for (byte[] image : images) {
      String size;
      try {
        ImageHeader header = ImageProbe.probe(image, ImageLimits.STANDARD);
        size = header.width() + "x" + header.height();
      } catch (ImageException e) {
        size = "damaged";
      }
      sizes.merge(size, 1, Integer::sum);
    }
    return "%d images looked at: %s"
        .formatted(
            images.size(),
            sizes.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(3)
                .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                .collect(Collectors.joining(", ")));
  }

  private static String text(Path file) throws IOException {
    return TextFile.text(Files.readAllBytes(file), file.toString());
  }
}
