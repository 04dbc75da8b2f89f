import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.RecordIo;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.train.augment.Augmentations;
import io.facet.models.train.data.Batch;
import io.facet.models.train.data.BatchLoader;
import io.facet.models.train.data.TrainingSet;
import io.facet.models.train.sampler.ShuffledOrder;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.transforms.align.AlignFaces;
import io.facet.transforms.align.AlignImages;
import io.facet.transforms.ingest.IngestSources;
import io.facet.transforms.pack.DataFile;
import io.facet.transforms.pack.LabelFaces;
import io.facet.transforms.pack.LocalPack;
import io.facet.transforms.pack.NameIdentities;
import io.facet.transforms.pack.PackFaces;
import io.facet.transforms.pack.PackFiles;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.TablePart;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.PersonRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;

/**
 * The Facet side of the data benchmark: reads a RecordIO file from end to end; ingests, aligns and
 * packs it on the Flink inside this process; loads batches of the pack. Answers requests, one line
 * of JSON each, with lines that start with {@code "=> "}.
 */
public final class DataWorker {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DataWorker() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      String file = request.get("file").textValue();
      long began = System.nanoTime();
      long processor = ProcessCosts.processorTime();
      long writtenBefore = ProcessCosts.written();
      long[] work =
          switch (request.get("task").textValue()) {
            case "read" -> read(file);
            case "ingest" -> ingest(file, request.get("out").textValue());
            case "align" -> align(request.get("out").textValue());
            case "pack" -> pack(request.get("out").textValue());
            case "open" -> open(request.get("out").textValue());
            case "load" ->
                load(
                    request.get("out").textValue(),
                    request.get("batch").intValue(),
                    request.get("images").intValue());
            case "wait" ->
                wait(
                    request.get("threads").intValue(),
                    request.get("batch").intValue(),
                    request.get("images").intValue());
            default -> throw new IllegalArgumentException(line);
          };
      Map<String, Object> answer =
          Map.of(
              "images", work[0],
              "bytes", work[1],
              "wall", (System.nanoTime() - began) / 1e9,
              "cpu", (ProcessCosts.processorTime() - processor) / 1e9,
              "written", ProcessCosts.written() - writtenBefore);
      System.out.println("=> " + JSON.writeValueAsString(answer));
    }
  }

  private static long[] read(String file) {
    long[] work = new long[2];
    RecordIo.read(
        Path.of(file),
        image -> {
          work[0]++;
          work[1] += image.payload().length;
        });
    return work;
  }

  private static long[] ingest(String file, String out) throws Exception {
    Selected<FaceSource<?>> source =
        RecordBinder.select(
            FaceSource.class, "recordio", JSON.writeValueAsString(Map.of("path", file)));
    SourceSpec spec = SourceSpec.training("train.0", source, 0.1, 1);
    Pipeline pipeline = pipeline();
    PCollectionTuple read = pipeline.apply("Ingest", IngestSources.of(List.of(spec)));
    read.get(IngestSources.IMAGES)
        .apply("WriteImages", FacetParquetIO.writePartitioned(ImageRow.class, "images").to(out));
    read.get(IngestSources.SAMPLES)
        .apply("WriteSamples", FacetParquetIO.write(SampleRow.class, "samples").to(out));
    pipeline.run().waitUntilFinish();
    return size(out, "images");
  }

  /** Takes the crops of an ingest as they are. */
  private static long[] align(String out) throws Exception {
    AlignOptions options = AlignOptions.with(RecordBinder.select(FaceDetector.class, "none"));
    List<String> images = TableSummary.read(out, "images").uris(out);
    Pipeline pipeline = pipeline();
    pipeline
        .apply("Align", AlignImages.of(images, options, out))
        .get(AlignFaces.FACES)
        .apply("WriteFaces", FacetParquetIO.writePartitioned(FaceRow.class, "faces").to(out));
    pipeline.run().waitUntilFinish();
    return size(out, "faces");
  }

  private static long[] pack(String out) throws Exception {
    List<String> faces = TableSummary.read(out, "faces").uris(out);
    List<String> samples = TableSummary.read(out, "samples").uris(out);
    Pipeline pipeline = pipeline();
    PCollection<LabelFaces.Labelled> labels =
        pipeline
            .apply("ReadFaces", FacetParquetIO.read(FaceName.class).from(faces))
            .apply(
                "LabelFaces",
                LabelFaces.by(
                    pipeline.apply(
                        "ReadSamples",
                        FacetParquetIO.read(LabelFaces.Sample.class).from(samples))));
    labels
        .apply("People", NameIdentities.create())
        .apply(
            "WritePeople", FacetParquetIO.write(PersonRow.class, "people").inOneFile().to(out));
    labels.apply("PackFaces", PackFaces.inShards(PackFaces.shards(size(out, "faces")[0])).to(out));
    pipeline.run().waitUntilFinish();
    return size(out, PackFaces.TABLE);
  }

  private static List<DataFile> files(String out, String table) throws IOException {
    return TableSummary.read(out, table).parts().stream()
        .map(part -> new DataFile(out + "/" + part.file(), part.bytes(), part.sha256()))
        .toList();
  }

  private static PackFiles packed(String out) throws IOException {
    return new PackFiles(
        files(out, "faces"),
        files(out, "images"),
        files(out, PackFaces.TABLE),
        TableSummary.read(out, "people").uris(out));
  }

  private static long[] open(String out) throws Exception {
    try (LocalPack pack = LocalPack.open(packed(out))) {
      return new long[] {pack.train().size() + pack.validation().size(), 0};
    }
  }

  /** Batches as a training gets them, of one thread that decodes. */
  private static long[] load(String out, int batch, int images) throws Exception {
    try (LocalPack pack = LocalPack.open(packed(out))) {
      return load(pack.train(), 1, batch, images);
    }
  }

  private static long[] load(TrainingSet set, int threads, int batch, int images)
      throws Exception {
    long[] work = new long[2];
    try (BatchLoader loader =
        new BatchLoader(
            set,
            new ShuffledOrder(set, batch, 1),
            1,
            true,
            new Augmentations(List.of(), 1),
            Preprocessing.STANDARD,
            Optional.empty(),
            List.of(),
            true,
            threads,
            set.size() / batch,
            0,
            images / batch)) {
      while (work[0] < images / batch * batch) {
        Batch next = loader.next();
        work[0] += next.size();
        work[1] += (long) next.studentImages().values().length * Float.BYTES;
        loader.recycle(next);
      }
    }
    return work;
  }

  /** Batches of crops that take a thread two milliseconds and no processor. */
  private static long[] wait(int threads, int batch, int images) throws Exception {
    Pixels crop = new Pixels(112, 112, new byte[112 * 112 * 3]);
    TrainingSet set =
        new TrainingSet() {
          @Override
          public int size() {
            return images;
          }

          @Override
          public int classes() {
            return 1;
          }

          @Override
          public int label(int index) {
            return 0;
          }

          @Override
          public String faceId(int index) {
            return "face-" + index;
          }

          @Override
          public Pixels crop(int index) {
            LockSupport.parkNanos(2_000_000);
            return crop;
          }
        };
    return load(set, threads, batch, images);
  }

  private static Pipeline pipeline() {
    int tasks = Runtime.getRuntime().availableProcessors();
    return Pipeline.create(RunnerOptions.local("FlinkRunner", tasks).create());
  }

  private static long[] size(String out, String table) throws IOException {
    TableSummary summary = TableSummary.read(out, table);
    return new long[] {
      summary.rows(), summary.parts().stream().mapToLong(TablePart::bytes).sum()
    };
  }
}
