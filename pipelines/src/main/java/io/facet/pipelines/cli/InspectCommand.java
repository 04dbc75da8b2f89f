package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.format.Safetensors;
import io.facet.models.format.TensorFile;
import io.facet.models.format.WeightsFile;
import io.facet.pipelines.artifact.Damage;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.artifact.StoredBeside;
import io.facet.pipelines.init.FolderSurvey;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.registry.RegisteredModel;
import io.facet.pipelines.report.OneLine;
import io.facet.pipelines.report.ShortHash;
import io.facet.pipelines.report.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what lies in a store: artifacts, manifests, first rows of tables, weights files. */
@Command(
    name = "inspect",
    description =
        "Shows a store, an artifact, a table, or what is in a file: Parquet, weights, ONNX, RecordIO,"
            + " .bin, pair lists; or in a folder of images.",
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {
  private static final String MANIFEST = "manifest.json";

  @Parameters(
      paramLabel = "PATH",
      description =
          "A folder of a store, a file, or models:/NAME@ALIAS or models:/NAME/VERSION of MLflow's"
              + " registry.")
  private String named;

  @Mixin private RegistryOption registry;

  private Path path;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rows shown of each table (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Optional<RegisteredModel> registered = registry.find(named);
    path = registered.map(RegisteredModel::file).orElseGet(() -> Path.of(named));
    if (!Files.exists(path)) {
      throw new DataException(path + ": no such file or folder");
    }
    registered.ifPresent(
        model -> out.printf("%s  SHA-256 %s, in %s%n", model.name(), model.sha256(), path));
    if (Files.isDirectory(path)) {
      return folder(out);
    }
    StoredBeside.require(path);
    if (path.toString().endsWith(".parquet")) {
      out.print(ParquetPreview.of(List.of(path), rows).toText());
    } else if (path.toString().endsWith(".safetensors")) {
      weights(out, Safetensors.read(path));
    } else if (path.toString().matches(".*[.](pth|pt|ckpt)")) {
      weights(out, WeightsFile.read(path));
    } else {
      ForeignFile.describe(path)
          .orElseThrow(
              () ->
                  new DataException(
                      path
                          + ": of no format Facet knows; Parquet, safetensors, .pth, ONNX, .rec, .bin"
                          + " and pair lists (.csv, .txt) are shown"))
          .forEach(out::println);
    }
    out.flush();
    return ExitCodes.OK;
  }

  private int folder(PrintWriter out) throws IOException {
    if (Files.exists(path.resolve(MANIFEST))) {
      return artifact(out, path);
    }
    List<Path> parquet = below(path, 1, ".parquet");
    if (!parquet.isEmpty()) {
      for (Path part : parquet) {
        StoredBeside.require(part);
      }
      out.print(ParquetPreview.of(parquet, rows).toText());
      return ExitCodes.OK;
    }
    TextTable table = new TextTable("artifact", "fingerprint", "finished", "rows", "path");
    List<Path> found = below(path, 4, MANIFEST);
    if (found.size() == 1) {
      return artifact(out, found.get(0).getParent());
    }
    for (Path file : found) {
      Manifest manifest = Manifest.parse(file.toString(), Files.readString(file));
      table.row(
          manifest.instance(),
          ShortHash.of(manifest.fingerprint()),
          manifest.finished(),
          Long.toString(manifest.tables().stream().mapToLong(Manifest.Table::rows).sum()),
          path.relativize(file.getParent()).toString());
    }
    if (table.isEmpty()) {
      out.println(FolderSurvey.of(path).describe());
      return ExitCodes.OK;
    }
    out.print(table.toText());
    return ExitCodes.OK;
  }

  /** Damage comes first; a table with a damaged file is not shown. */
  private int artifact(PrintWriter out, Path folder) throws IOException {
    Path file = folder.resolve(MANIFEST);
    List<Damage> damage = StoredBeside.damage(folder);
    damage.forEach(one -> out.println(one.text()));
    Manifest manifest = Manifest.parse(file.toString(), Files.readString(file));
    out.println(manifest.instance() + "  " + ShortHash.of(manifest.fingerprint()));
    out.println("made by run " + manifest.originRun() + ", " + manifest.finished());
    manifest
        .parents()
        .forEach((name, digest) -> out.println("from " + name + " " + ShortHash.of(digest)));
    new TreeMap<>(manifest.metrics())
        .forEach((name, value) -> out.println("%s = %.6g".formatted(name, value)));
    manifest.notes().forEach((name, value) -> out.println(OneLine.of(name + ": " + value)));
    for (Manifest.Attachment attachment : manifest.attachments()) {
      out.println(attachment.name() + "  " + attachment.file().bytes() + " bytes");
    }
    for (Manifest.Table table : manifest.tables()) {
      out.println();
      out.println(
          "%s: %d rows, digest %s"
              .formatted(table.name(), table.rows(), ShortHash.of(table.digest())));
      List<Path> parts = below(folder.resolve(table.name()), 1, ".parquet");
      boolean sound = parts.stream().noneMatch(part -> names(damage, part));
      if (!parts.isEmpty() && sound) {
        out.print(ParquetPreview.of(parts, rows).toText());
      }
    }
    out.flush();
    return damage.isEmpty() ? ExitCodes.OK : ExitCodes.DATA;
  }

  private static boolean names(List<Damage> damage, Path file) {
    String name = file.toAbsolutePath().normalize().toString();
    return damage.stream().anyMatch(one -> one.file().equals(name));
  }

  private static void weights(PrintWriter out, TensorFile file) {
    new TreeMap<>(file.metadata())
        .forEach((name, value) -> out.println(OneLine.of(name + ": " + value)));
    TextTable table = new TextTable("tensor", "shape");
    file.tensors()
        .forEach((name, tensor) -> table.row(OneLine.of(name), tensor.shape().toString()));
    out.print(table.toText());
  }

  private static List<Path> below(Path folder, int depth, String ending) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(ending)).sorted().toList());
    }
  }
}
