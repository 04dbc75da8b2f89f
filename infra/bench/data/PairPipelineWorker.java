import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.pipelines.flink.RunnerOptions;
import io.facet.transforms.embed.EmbedFaces;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TablePart;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.row.TableDigest;
import io.facet.transforms.score.MeasurePairs;
import io.facet.transforms.score.Outcomes;
import io.facet.transforms.score.ScorePairs;
import io.facet.transforms.score.ScoredPairs;
import io.facet.transforms.score.VerificationMetrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.FlatMapElements;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Evaluates pairs of images on the Flink inside this process, from their embeddings on: {@code draw}
 * writes tables of drawn embeddings, people and pairs, {@code evaluate} scores and measures them as
 * the stage does, {@code compute} measures the same without a pipeline. Answers requests, one line of
 * JSON each, with lines that start with {@code "=> "}.
 */
final class PairPipelineWorker {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNKS = 1000;
  private static final String SET = "drawn";
  private static final String EMBEDDINGS = "embeddings";
  private static final String IDENTITIES = "identities";
  private static final String PAIRS = "pairs";
  private static final VerificationMetrics.Subject SUBJECT =
      new VerificationMetrics.Subject("bench", "teacher", "", 0, false);

  private PairPipelineWorker() {}

  public static void main(String[] arguments) throws Exception {
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      JsonNode request = JSON.readTree(line);
      String out = request.get("out").textValue();
      Drawn drawn = JSON.treeToValue(request.get("drawn"), Drawn.class);
      int rounds = request.get("rounds").intValue();
      long began = System.nanoTime();
      long processor = ProcessCosts.processorTime();
      long writtenBefore = ProcessCosts.written();
      Map<String, Object> answer = new LinkedHashMap<>();
      switch (request.get("task").textValue()) {
        case EMBEDDINGS -> drawEmbeddings(drawn, out);
        case PAIRS -> draw(drawn.pairs(), drawn::pair, PairRow.class, PAIRS, out);
        case "evaluate" -> {
          evaluate(out, options(rounds));
          answer.put("figures", figures(ParquetTable.readAll(MetricRow.class, uris(out, "metrics"))));
          answer(outcomes(out), answer);
          answer.put("scores", bytes(out, "scores"));
        }
        case "compute" -> compute(drawn, options(rounds), answer);
        default -> throw new IllegalArgumentException(line);
      }
      answer.put("wall", (System.nanoTime() - began) / 1e9);
      answer.put("cpu", (ProcessCosts.processorTime() - processor) / 1e9);
      answer.put("written", ProcessCosts.written() - writtenBefore);
      System.out.println("=> " + JSON.writeValueAsString(answer));
    }
  }

  private static VerificationMetrics.Options options(int rounds) {
    return new VerificationMetrics.Options(
        0.95, rounds, 1, List.of(1e-4, 1e-3), ResamplingUnit.IDENTITY);
  }

  /** Faces and pairs, each a function of its number: pairs of one person come first. */
  record Drawn(int faces, int people, int same, int different, int width) implements Serializable {
    int pairs() {
      return same + different;
    }

    /** Digits as random as those of a real id. */
    String image(int face) {
      SplittableRandom random = new SplittableRandom(~face);
      StringBuilder id = new StringBuilder();
      IntStream.range(0, 4).forEach(i -> id.append(HexFormat.of().toHexDigits(random.nextLong())));
      return id.toString();
    }

    IdentityRow identity(int face) {
      return new IdentityRow(SET, image(face), face % people);
    }

    PairRow pair(int position) {
      SplittableRandom random = new SplittableRandom(position);
      int left = random.nextInt(faces);
      int right = random.nextInt(faces - people);
      if (position < same) {
        right += Math.floorMod(left - right, people);
      } else if (right % people == left % people) {
        right++;
      }
      return new PairRow(SET, position, 0, image(left), image(right), position < same);
    }

    /** The person's direction, with more noise of the face's own. */
    EmbeddingRow embedding(int face) {
      SplittableRandom person = new SplittableRandom(face % people);
      SplittableRandom own = new SplittableRandom(people + face);
      float[] values = new float[width];
      for (int i = 0; i < width; i++) {
        values[i] = (float) (0.5 * (person.nextDouble() - 0.5) + own.nextDouble() - 0.5);
      }
      String id = FaceId.of(image(face), 0, "0123456789ab");
      return EmbedFaces.normalised(new EmbeddingRow(SUBJECT.model(), id, values));
    }
  }

  private static void drawEmbeddings(Drawn drawn, String out) {
    draw(drawn.faces(), drawn::embedding, EmbeddingRow.class, EMBEDDINGS, out);
    draw(drawn.faces(), drawn::identity, IdentityRow.class, IDENTITIES, out);
  }

  /** Rows from 0 on, drawn by the workers. */
  private static <T> void draw(
      int rows, SerializableFunction<Integer, T> row, Class<T> type, String table, String out) {
    Pipeline pipeline = pipeline();
    pipeline
        .apply("Chunks", Create.of(IntStream.range(0, CHUNKS).boxed().toList()))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply(
            "Numbers",
            FlatMapElements.into(TypeDescriptors.integers())
                .via(
                    chunk ->
                        IntStream.range(
                                    (int) ((long) rows * chunk / CHUNKS),
                                    (int) ((long) rows * (chunk + 1) / CHUNKS))
                                .boxed()
                            ::iterator))
        .apply(
            "Draw", MapElements.into(TypeDescriptor.of(type)).via(row))
        .apply("Write", FacetParquetIO.write(type, table).to(out));
    pipeline.run().waitUntilFinish();
  }

  /** What the stage does behind the network. */
  private static void evaluate(String out, VerificationMetrics.Options options) throws IOException {
    long faces = TableSummary.read(out, EMBEDDINGS).rows();
    long count = TableSummary.read(out, PAIRS).rows();
    Pipeline pipeline = pipeline();
    PCollection<EmbeddingRow> embeddings =
        pipeline.apply(
            "ReadEmbeddings", FacetParquetIO.read(EmbeddingRow.class).from(uris(out, EMBEDDINGS)));
    PCollection<IdentityRow> identities =
        pipeline.apply(
            "ReadIdentities", FacetParquetIO.read(IdentityRow.class).from(uris(out, IDENTITIES)));
    PCollectionTuple scored =
        pipeline
            .apply("ReadPairs", FacetParquetIO.read(PairRow.class).from(uris(out, PAIRS)))
            .apply(
                "Score",
                ScorePairs.with(SUBJECT.model(), embeddings, Math.min(faces, 2 * count), count));
    PCollection<ScoreRow> scores = scored.get(ScorePairs.SCORES);
    PCollectionTuple measured =
        scores.apply("Measure", MeasurePairs.of(SUBJECT, identities, options));
    measured
        .get(MeasurePairs.OUTCOMES)
        .apply(
            "WriteOutcomes",
            FacetParquetIO.write(OutcomeRow.class, "outcomes").inOneFile().to(out));
    scores.apply("WriteScores", FacetParquetIO.write(ScoreRow.class, "scores").to(out));
    measured
        .get(MeasurePairs.METRICS)
        .apply("WriteMetrics", FacetParquetIO.write(MetricRow.class, "metrics").inOneFile().to(out));
    scored
        .get(ScorePairs.REJECTS)
        .apply("WriteRejects", FacetParquetIO.write(RejectRow.class, "rejects").inOneFile().to(out));
    pipeline.run().waitUntilFinish();
  }

  /** The same figures from arrays, pair after pair. */
  private static void compute(
      Drawn drawn, VerificationMetrics.Options options, Map<String, Object> answer) {
    Map<String, float[]> embeddings = new HashMap<>();
    Map<String, Long> people = new HashMap<>();
    for (int face = 0; face < drawn.faces(); face++) {
      embeddings.put(drawn.image(face), drawn.embedding(face).values());
      people.put(drawn.image(face), drawn.identity(face).identity());
    }
    VerificationMetrics.Judged judged =
        VerificationMetrics.judge(
            SET,
            ScoredPairs.of(
                () ->
                    IntStream.range(0, drawn.pairs())
                        .mapToObj(position -> scored(drawn.pair(position), embeddings))
                        .iterator(),
                people),
            options);
    answer.put("figures", figures(VerificationMetrics.measure(SUBJECT, SET, judged, options)));
    answer(judged.outcomes(), answer);
  }

  private static ScoreRow scored(PairRow pair, Map<String, float[]> embeddings) {
    return new ScoreRow(
        SUBJECT.model(),
        SET,
        pair.position(),
        pair.fold(),
        pair.same(),
        FaceId.of(pair.leftImageId(), 0, "0123456789ab"),
        FaceId.of(pair.rightImageId(), 0, "0123456789ab"),
        pair.leftImageId(),
        pair.rightImageId(),
        EmbeddingMath.cosine(
            embeddings.get(pair.leftImageId()), embeddings.get(pair.rightImageId())));
  }

  private static Map<String, double[]> figures(List<MetricRow> rows) {
    Map<String, double[]> figures = new LinkedHashMap<>();
    rows.forEach(row -> figures.put(row.name(), new double[] {row.value(), row.low(), row.high()}));
    return figures;
  }

  private static void answer(Outcomes outcomes, Map<String, Object> answer) {
    answer.put("pairsDigest", outcomes.pairsDigest());
    answer.put(
        "outcomesDigest",
        TableDigest.of(OutcomeRow.class, outcomes.rows(SUBJECT.model(), SET).toList()).digest());
  }

  private static Outcomes outcomes(String out) throws IOException {
    return Outcomes.of(ParquetTable.readAll(OutcomeRow.class, uris(out, "outcomes")));
  }

  private static Pipeline pipeline() {
    int tasks = Runtime.getRuntime().availableProcessors();
    return Pipeline.create(RunnerOptions.local("FlinkRunner", tasks).create());
  }

  private static List<String> uris(String out, String table) throws IOException {
    return TableSummary.read(out, table).uris(out);
  }

  private static long bytes(String out, String table) throws IOException {
    return TableSummary.read(out, table).parts().stream().mapToLong(TablePart::bytes).sum();
  }
}
