package io.facet.pipelines.overview;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.face.AlignedImages;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.StageInstance;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.HistoryRow;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.LeaderboardRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.ScoreRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A store with the artifacts of a run of some models on one set, without computing any. */
public final class SmallStore implements AutoCloseable {
  /** Name of an image that would harm a page or a terminal that took it as it is. */
  public static final String HOSTILE = "a\"'><script>alert(1)</script>&amp;\u001b[2J\u202E.jpg";

  private final ArtifactStore store;
  private final List<Artifact> artifacts = new ArrayList<>();
  private int made;

  /**
   * Fills a store.
   *
   * @param models names of students
   * @param pairs of the set, at least 20
   */
  public SmallStore(Path folder, List<String> models, int pairs) throws IOException {
    store = ArtifactStore.open(folder.toString());
    byte[] blue = new byte[112 * 112 * 3];
    for (int i = 0; i < blue.length; i += 3) {
      blue[i] = (byte) 0xFF;
    }
    byte[] crop = FaceEncoder.png(new Pixels(112, 112, blue));
    commit(
        "ingest",
        Map.of("duplicates", 1.0),
        table("images", ImageRow.class, image(0), image(1)),
        table(
            "samples",
            SampleRow.class,
            new SampleRow("s", HOSTILE, "<b>Ann</b>", "tiny", "image0"),
            new SampleRow("s", "b.jpg", "Bob", "tiny", "image1")),
        table("pairs", PairRow.class, new PairRow("tiny", 0, 0, "image0", "image1", false)),
        table(
            "rejects",
            RejectRow.class,
            new RejectRow("ingest", "s", HOSTILE, "", "no-image", "<i>cannot</i> be read")));
    commit("align", Map.of(), table("faces", FaceRow.class, face(0, crop), face(1, crop)));
    for (String model : models) {
      List<HistoryRow> history = new ArrayList<>();
      for (int step = 1; step <= 1_000; step++) {
        history.add(new HistoryRow(step, 1, "loss/total", 1.0 / step));
      }
      commit("distill[" + model + "]", Map.of(), new Table<>("history", HistoryRow.class, history));
      commit(
          "evaluate[" + model + "]",
          Map.of(
              "latency_ms_per_image", 2.5, "peak_memory_bytes", 95.3e6, "model_memory_bytes", 23e6),
          new Table<>("scores", ScoreRow.class, scores(model, pairs)),
          new Table<>("metrics", MetricRow.class, metrics(model)));
    }
    List<LeaderboardRow> ranks = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      ranks.add(
          new LeaderboardRow(
              i + 1,
              "tiny",
              "lfw-10fold-v2+bootstrap-identity-v1",
              models.get(i),
              "student",
              1,
              0.8,
              0,
              0.75,
              0.85,
              Double.NaN,
              Double.NaN,
              i == 0 ? "none" : "",
              0.02,
              0.001,
              0.04,
              Double.NaN,
              Double.NaN,
              0.05,
              0.1,
              0.002,
              1000,
              1234));
    }
    commit("evaluate", Map.of(), new Table<>("leaderboard", LeaderboardRow.class, ranks));
  }

  private record Table<T>(String name, Class<T> type, List<T> rows) {}

  @SafeVarargs
  private static <T> Table<T> table(String name, Class<T> type, T... rows) {
    return new Table<>(name, type, Arrays.asList(rows));
  }

  private static ImageRow image(int number) {
    return new ImageRow(
        "image" + number,
        new byte[] {1},
        "png",
        100 + number,
        200,
        new float[0],
        AlignedImages.AUTO);
  }

  private static FaceRow face(int number, byte[] crop) {
    return new FaceRow(
        "face" + number,
        "image" + number,
        0,
        crop,
        "png",
        new float[10],
        new float[6],
        0.9f + 0.01f * number,
        30 + number,
        100 + number);
  }

  private static List<ScoreRow> scores(String model, int pairs) {
    Random random = new Random(model.hashCode());
    List<ScoreRow> rows = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      boolean same = i % 2 == 0;
      double score = Math.max(-1, Math.min(1, random.nextGaussian() * 0.3 + (same ? 0.4 : 0)));
      rows.add(
          new ScoreRow(
              model, "tiny", i, i % 10, same, "face0", "face1", "image0", "image1", score));
    }
    return rows;
  }

  private static List<MetricRow> metrics(String model) {
    return List.of(
        new MetricRow(model, "student", model, 1, "tiny", "p", "accuracy", 0.8, 0.75, 0.85),
        new MetricRow(
            model, "student", model, 1, "", "", "parameters", 1234, Double.NaN, Double.NaN));
  }

  private void commit(String instance, Map<String, Double> metrics, Table<?>... tables)
      throws IOException {
    String fingerprint = "%064x".formatted(++made);
    String stage = StageInstance.stageOf(instance);
    Attempt attempt = store.begin(stage, fingerprint);
    List<Manifest.Table> written = new ArrayList<>();
    for (Table<?> table : tables) {
      written.add(write(attempt, table));
    }
    artifacts.add(
        store.commit(
            attempt,
            new Manifest(
                Manifest.FORMAT,
                stage,
                instance,
                fingerprint,
                Map.of(),
                Map.of("<parent>", "%064x".formatted(0)),
                JsonNodeFactory.instance.objectNode(),
                written,
                List.of(),
                Map.of(),
                "unknown",
                1,
                metrics,
                new LinkedHashMap<>(),
                "2026-01-01T00:00:00Z",
                "2026-01-01T00:01:00Z",
                "run")));
  }

  private <T> Manifest.Table write(Attempt attempt, Table<T> table) throws IOException {
    String uri = attempt.folder().uri();
    TableSummary summary = TableFile.write(table.type(), uri, table.name(), table.rows());
    return new Manifest.Table(
        table.name(),
        List.of(),
        summary.rows(),
        summary.digest(),
        summary.uris(uri).stream().map(store::describe).toList());
  }

  /** The artifacts in the order they were made. */
  public List<Artifact> artifacts() {
    return List.copyOf(artifacts);
  }

  @Override
  public void close() {
    store.close();
  }
}
