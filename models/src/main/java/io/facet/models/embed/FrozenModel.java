package io.facet.models.embed;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.face.Preprocessing;
import io.facet.models.onnx.OnnxProgram;
import io.facet.models.option.RecordBinder;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.ModelFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A finished program that turns crops into embeddings, together with its preprocessing: what can be
 * used of a network whose layers are unknown. Stored as a zip of a contract and the program; equal
 * contents give equal bytes.
 *
 * @param kind what runs it
 * @param preprocessing how a crop becomes its input
 * @param program the file as its maker wrote it
 * @param classifier its class weights and whose they are, if known
 */
@SuppressWarnings("ArrayRecordComponent")
public record FrozenModel(
    Kind kind, Preprocessing preprocessing, byte[] program, Optional<ClassWeights> classifier) {
  private static final String CONTRACT = "facet-frozen-1.json";
  private static final String PROGRAM = "program";
  private static final String CLASSIFIER = "classifier";
  private static final byte[] FIRST_NAME = CONTRACT.getBytes(StandardCharsets.US_ASCII);

  /** Where the first entry's name stands in a zip. */
  private static final int FIRST_NAME_AT = 30;

  /** What runs a frozen model. */
  public enum Kind {
    /** ONNX Runtime. */
    ONNX,
    /** PyTorch, a module saved by {@code torch.jit.save}. */
    TORCHSCRIPT
  }

  /** The first entry of the zip. */
  public record Contract(Kind kind, Preprocessing preprocessing) {}

  /** A program without class weights. */
  public FrozenModel(Kind kind, Preprocessing preprocessing, byte[] program) {
    this(kind, preprocessing, program, Optional.empty());
  }

  /** Whether the bytes were written by {@link #bytes}. */
  public static boolean isFrozen(byte[] bytes) {
    int end = FIRST_NAME_AT + FIRST_NAME.length;
    return bytes.length >= end
        && bytes[0] == 'P'
        && bytes[1] == 'K'
        && Arrays.equals(bytes, FIRST_NAME_AT, end, FIRST_NAME, 0, FIRST_NAME.length);
  }

  /**
   * Reads what {@link #bytes} wrote.
   *
   * @param name of the file, for error messages
   * @throws DataException if the bytes are something else or damaged
   */
  public static FrozenModel read(byte[] bytes, String name) {
    if (!isFrozen(bytes)) {
      throw new DataException(name + " is not a frozen model");
    }
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
      byte[] contract = entry(zip, CONTRACT, name);
      byte[] program = entry(zip, PROGRAM, name);
      Contract bound =
          RecordBinder.bindJson(Contract.class, new String(contract, StandardCharsets.UTF_8));
      ZipEntry more = zip.getNextEntry();
      Optional<ClassWeights> classifier =
          more != null && more.getName().equals(CLASSIFIER)
              ? Optional.of(ClassWeights.read(zip.readAllBytes(), name))
              : Optional.empty();
      return new FrozenModel(bound.kind(), bound.preprocessing(), program, classifier);
    } catch (IOException | RecipeException e) {
      throw new DataException(name + " is damaged: " + e.getMessage(), e);
    }
  }

  private static byte[] entry(ZipInputStream zip, String wanted, String name) throws IOException {
    ZipEntry entry = zip.getNextEntry();
    if (entry == null || !entry.getName().equals(wanted)) {
      throw new DataException(name + " is damaged: '" + wanted + "' is missing");
    }
    return zip.readAllBytes();
  }

  /** The file's bytes. */
  public byte[] bytes() {
    String contract = RecordBinder.toJson(new Contract(kind, preprocessing));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(program.length + 2048);
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, CONTRACT, contract.getBytes(StandardCharsets.UTF_8));
      put(zip, PROGRAM, program);
      if (classifier.isPresent()) {
        put(zip, CLASSIFIER, classifier.get().bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 checksum = new CRC32();
    checksum.update(content);
    entry.setSize(content.length);
    entry.setCrc(checksum.getValue());
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  /**
   * Loads the program.
   *
   * @param name of the file, for error messages
   * @param batchSize crops of one run; a program with a fixed batch size keeps its own
   * @param threads of one run on ONNX Runtime
   * @throws DataException if it cannot be loaded, or does not give one embedding a crop
   */
  public Embedder open(String name, int batchSize, int threads) {
    return switch (kind) {
      case ONNX -> OnnxEmbedder.open(program, name, Optional.of(preprocessing), batchSize, threads);
      case TORCHSCRIPT -> TorchScriptEmbedder.open(program, name, preprocessing, batchSize);
    };
  }

  /**
   * The preprocessing that a program states itself, as those exported by this project do.
   *
   * @param name of the file, for error messages
   * @throws DataException if an ONNX program is malformed
   */
  public static Optional<Preprocessing> statedBy(Kind kind, byte[] program, String name) {
    if (kind == Kind.TORCHSCRIPT) {
      return Optional.empty();
    }
    Map<String, String> metadata = new HashMap<>();
    OnnxProgram.parse(program, name)
        .getMetadataPropsList()
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return ModelFile.preprocessing(metadata);
  }

  /**
   * Numbers the program stores: its weights, and running statistics where they are not folded in.
   *
   * @param name of the file, for error messages
   */
  public long storedNumbers(String name) {
    return switch (kind) {
      case ONNX ->
          OnnxProgram.parse(program, name).getGraph().getInitializerList().stream()
              .mapToLong(
                  tensor ->
                      tensor.getDimsList().stream()
                          .mapToLong(Long::longValue)
                          .reduce(1, (a, b) -> a * b))
              .sum();
      case TORCHSCRIPT -> TorchScriptEmbedder.storedNumbers(program, name);
    };
  }
}
