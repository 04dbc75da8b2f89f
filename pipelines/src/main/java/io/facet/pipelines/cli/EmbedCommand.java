package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.embed.EmbeddedImage;
import io.facet.pipelines.embed.EmbeddingFile;
import io.facet.pipelines.embed.EmbeddingText;
import io.facet.pipelines.embed.PhotographRun;
import io.facet.pipelines.embed.RejectedImage;
import io.facet.pipelines.report.NamedFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Embeds photographs with a model file. */
@Command(
    name = "embed",
    description = "Embeds photographs with a model: finds the face, aligns and embeds it.",
    mixinStandardHelpOptions = true)
final class EmbedCommand implements Callable<Integer> {
  @Mixin private PhotographOptions photographs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "File for the embeddings: .parquet, .csv or .jsonl; without it JSON lines go to the"
              + " terminal.")
  private Path out;

  @Mixin private FaceChoice faces;

  @Parameters(
      paramLabel = "IMAGE|FOLDER",
      arity = "1..*",
      description = "Images, or folders of them.")
  private List<Path> places;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    faces.check(photographs);
    List<Path> images = PhotographRun.images(places);
    Path file = out == null ? null : NamedFile.output("--out", out, inputs(images));
    try (FaceEmbedder embedder = photographs.open();
        ProgressDisplay display = new ProgressDisplay(spec.commandLine().getErr(), false);
        EmbeddingFile embeddings = opened(file)) {
      Counted counted = new Counted(embeddings, display, images.size());
      PhotographRun.embed(embedder, images, faces.choice(), counted);
      return counted.finish();
    }
  }

  private List<Path> inputs(List<Path> images) throws IOException {
    return Stream.concat(Stream.of(photographs.model().file()), images.stream()).toList();
  }

  /** Null where the terminal takes the embeddings. */
  private static EmbeddingFile opened(Path file) {
    AtomicReference<EmbeddingFile> opened = new AtomicReference<>();
    if (file != null) {
      NamedFile.writing("--out", file, () -> opened.set(new EmbeddingFile(file)));
    }
    return opened.get();
  }

  /** Writes what comes, counts it, and says what was left out. */
  private final class Counted implements PhotographRun.Sink {
    private final PrintWriter terminal = spec.commandLine().getOut();
    private final EmbeddingFile file;
    private final ProgressDisplay display;
    private final int total;
    private int embedded;
    private int rejected;
    private String last = "";

    Counted(EmbeddingFile file, ProgressDisplay display, int total) {
      this.file = file;
      this.display = display;
      this.total = total;
      if (file != null) {
        display.begin("embed");
      }
    }

    @Override
    public void embedded(EmbeddedImage image) {
      embedded++;
      if (file == null) {
        terminal.print(EmbeddingText.json(image));
      } else {
        NamedFile.writing("--out", out, () -> file.add(image));
      }
    }

    @Override
    public void rejected(RejectedImage image) {
      rejected++;
      last = "%s: %s: %s".formatted(image.image(), image.reason(), image.detail());
      if (file == null) {
        terminal.print(EmbeddingText.json(image));
      } else {
        NamedFile.writing("--out", out, () -> file.add(image));
      }
    }

    @Override
    public void progress(int done) {
      if (terminal.checkError()) {
        throw new InfrastructureException(
            "standard output cannot be written: it was closed, or its disk is full");
      }
      if (file != null) {
        display.update("embed", done, total, "images", "");
      }
    }

    int finish() {
      if (embedded == 0) {
        if (file != null) {
          NamedFile.writing("--out", out, file::finishRejects);
        }
        throw new DataException(
            "no image of %d gave a face%s; the last one: %s%s"
                .formatted(
                    total,
                    file == null ? "" : ", see " + file.rejects(),
                    last,
                    last.contains(": not-aligned: ") ? "; add --detector" : ""));
      }
      if (file != null) {
        NamedFile.writing("--out", out, file::finish);
        terminal.printf("faces: %d, in %s%n", embedded, out);
        if (rejected > 0) {
          terminal.printf("images without a face: %d, in %s%n", rejected, file.rejects());
        }
      }
      return 0;
    }
  }
}
