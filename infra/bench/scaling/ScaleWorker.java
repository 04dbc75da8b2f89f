import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.embed.AnyEmbedder;
import io.facet.models.embed.Embedder;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.align.AlignFaces;
import io.facet.transforms.embed.EmbedFaces;
import io.facet.transforms.ingest.IngestSources;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceSpec;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * The Facet side of the scaling benchmark: images to crops to embeddings, by the product's Beam
 * transforms on any Flink, and by a plain loop over the same classes. Answers requests, one line of
 * JSON each, with lines that start with {@code "=> "}.
 */
public final class ScaleWorker {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AlignOptions ALIGN =
      AlignOptions.with(RecordBinder.select(FaceDetector.class, "given"));
  private static final String MODEL = "mobilefacenet";
  private static final int BATCH = 32;
  private static final int SHOTS = 4;

  private ScaleWorker() {}

  public static void main(String[] arguments) throws Exception {
    Torch.setThreads(1);
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      String folder = request.get("folder").textValue();
      long began = System.nanoTime();
      long processor = processorTime();
      long rows =
          switch (request.get("task").textValue()) {
            case "draw" -> draw(folder, request.get("faces").intValue());
            case "pipeline" -> pipeline(folder, request);
            case "loop" -> loop(folder);
            default -> throw new IllegalArgumentException(line);
          };
      Map<String, Object> answer =
          Map.of(
              "work", rows,
              "wall", (System.nanoTime() - began) / 1e9,
              "cpu", (processorTime() - processor) / 1e9);
      System.out.println("=> " + JSON.writeValueAsString(answer));
    }
  }

  private static long processorTime() {
    return ((com.sun.management.OperatingSystemMXBean)
            java.lang.management.ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void run(String master, int tasks, String jar, Consumer<Pipeline> build) {
    FlinkPipelineOptions options =
        PipelineOptionsFactory.create().as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setFlinkMaster(master);
    options.setParallelism(tasks);
    options.setFasterCopy(true);
    options.setJobName("facet scale");
    if (!jar.isEmpty()) {
      options.setFilesToStage(List.of(jar));
    }
    Pipeline pipeline = Pipeline.create(options);
    build.accept(pipeline);
    pipeline.run().waitUntilFinish();
  }

  /** Photographs of people who do not exist, and a network with random weights. */
  private static long draw(String folder, int faces) throws Exception {
    String people =
        "{\"identities\": %d, \"shots\": %d, \"size\": 160}".formatted(faces / SHOTS, SHOTS);
    Selected<FaceSource<?>> source = RecordBinder.select(FaceSource.class, "synthetic", people);
    SourceSpec spec = SourceSpec.training("train.0", source, 0, 1);
    run(
        "[local]",
        Runtime.getRuntime().availableProcessors(),
        "",
        pipeline ->
            pipeline
                .apply("Ingest", IngestSources.of(List.of(spec)))
                .get(IngestSources.IMAGES)
                .apply(FacetParquetIO.writePartitioned(ImageRow.class, "images").to(folder)));
    model().write(Path.of(folder, MODEL));
    return TableSummary.read(folder, "images").rows();
  }

  private static ModelFile model() {
    Selected<Backbone<?>> kind = RecordBinder.select(Backbone.class, "mobilefacenet");
    Map<String, float[]> weights = new LinkedHashMap<>();
    try (var manager = Torch.newManager();
        Network network = Backbone.create(kind)) {
      network.initialise(manager, 1);
      network.weights().forEach((name, weight) -> weights.put(name, weight.array().toFloatArray()));
    }
    return new ModelFile(kind, Preprocessing.STANDARD, weights, Optional.empty(), Map.of());
  }

  private static long pipeline(String folder, JsonNode request) throws Exception {
    TableSummary images = TableSummary.read(folder, "images");
    String out = request.get("out").textValue();
    run(
        request.get("master").textValue(),
        request.get("tasks").intValue(),
        request.path("jar").asText(""),
        pipeline ->
            pipeline
                .apply("Read", FacetParquetIO.read(ImageRow.class).from(images.uris(folder)))
                .apply("Key", WithKeys.<String, ImageRow>of("").withKeyType(TypeDescriptors.strings()))
                .apply("Align", AlignFaces.with(ALIGN))
                .get(AlignFaces.FACES)
                .apply(
                    "Crops",
                    MapElements.into(TypeDescriptor.of(FaceCrop.class))
                        .via(face -> face.getValue().toCrop()))
                .apply("Embed", EmbedFaces.with(MODEL, folder + "/" + MODEL, images.rows()))
                .apply("Write", FacetParquetIO.write(EmbeddingRow.class, "embeddings").to(out)));
    return TableSummary.read(out, "embeddings").rows();
  }

  /** What somebody would write who knows no Beam: one thread, one batch after the other. */
  private static long loop(String folder) throws Exception {
    TableSummary images = TableSummary.read(folder, "images");
    Path out = Files.createTempDirectory("facet-loop-");
    byte[] model = Files.readAllBytes(Path.of(folder, MODEL));
    try (FaceAligner aligner = FaceAligner.open(ALIGN);
        Embedder embedder = AnyEmbedder.open(model, MODEL, BATCH, 1);
        ParquetTable.Rows<ImageRow> rows =
            ParquetTable.read(ImageRow.class, images.uris(folder));
        TableFile<EmbeddingRow> table =
            TableFile.create(EmbeddingRow.class, out.toString(), "embeddings")) {
      List<String> ids = new ArrayList<>();
      List<Pixels> crops = new ArrayList<>();
      for (ImageRow row : rows) {
        if (aligner.align(row.bytes(), row.landmarks()) instanceof AlignmentResult.Aligned face) {
          ids.add(row.imageId());
          crops.add(ImageDecoder.decode(face.encoded()));
        }
        if (crops.size() == BATCH) {
          write(table, ids, embedder.embed(crops));
          crops.clear();
        }
      }
      if (!crops.isEmpty()) {
        write(table, ids, embedder.embed(crops));
      }
      return table.finish().rows();
    }
  }

  private static void write(TableFile<EmbeddingRow> table, List<String> ids, float[][] embeddings)
      throws Exception {
    for (int i = 0; i < ids.size(); i++) {
      table.add(new EmbeddingRow(MODEL, ids.get(i), embeddings[i]));
    }
    ids.clear();
  }
}
