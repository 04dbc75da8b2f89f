package io.facet.pipelines.stage;

import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageResult;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.HistoryRow;
import io.facet.transforms.row.TimingRow;
import io.facet.transforms.train.NetworkTraining;
import io.facet.transforms.train.TrainUnit;
import io.facet.transforms.train.TrainingFailure;
import io.facet.transforms.train.TrainingHistory;
import io.facet.transforms.train.TrainingJob;
import io.facet.transforms.unit.RunUnit;
import io.facet.transforms.unit.Unit;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.values.PCollectionTuple;

/** Runs a training as a stage: the unit on a worker, then its history as tables. */
final class TrainingStageRun {
  static final String HISTORY = "history";
  static final String TIMINGS = "timings";

  private TrainingStageRun() {}

  static StageResult train(StageContext context, TrainingJob job) throws IOException {
    run(context, TrainUnit.class, job);
    StageResult result = tables(context).attachment(NetworkTraining.MODEL);
    if (context.attempt().contains(NetworkTraining.PROMPTS)) {
      result.attachment(NetworkTraining.PROMPTS);
    }
    return result;
  }

  /** Runs any unit that reports training progress. */
  static <J extends Record> void run(StageContext context, Class<? extends Unit<J>> unit, J job) {
    String attempt = context.attempt().uri();
    try {
      runFollowed(context, unit, job, attempt);
    } catch (RuntimeException failure) {
      attachReport(context, failure);
      throw failure;
    }
  }

  /** The list of a failed step's images is too long for a message. */
  private static void attachReport(StageContext context, RuntimeException failure) {
    try {
      if (context.attempt().contains(TrainingFailure.REPORT)) {
        context.attach(TrainingFailure.REPORT, context.attempt().get(TrainingFailure.REPORT));
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static <J extends Record> void runFollowed(
      StageContext context, Class<? extends Unit<J>> unit, J job, String attempt) {
    try (ProgressTail tail = ProgressTail.follow(context)) {
      StageJob.runInOneTask(
          context,
          pipeline -> {
            PCollectionTuple progress =
                pipeline
                    .apply("Train", RunUnit.of(unit, job, attempt))
                    .apply("History", TrainingHistory.ofStage(context.instance().name()));
            progress
                .get(TrainingHistory.HISTORY)
                .apply(
                    "WriteHistory",
                    FacetParquetIO.write(HistoryRow.class, HISTORY).inOneFile().to(attempt));
            progress
                .get(TrainingHistory.TIMINGS)
                .apply(
                    "WriteTimings",
                    FacetParquetIO.write(TimingRow.class, TIMINGS).inOneFile().to(attempt));
          });
    }
  }

  /** The tables of {@link #run}, and the last value of each figure as a metric. */
  static StageResult tables(StageContext context) throws IOException {
    StageResult result =
        new StageResult().table(HISTORY, HistoryRow.class).table(TIMINGS, TimingRow.class);
    last(context.attempt().uri()).forEach(result::metric);
    return result;
  }

  private static Map<String, Double> last(String attempt) throws IOException {
    Map<String, HistoryRow> last = new TreeMap<>();
    try (ParquetTable.Rows<HistoryRow> rows =
        ParquetTable.read(HistoryRow.class, attempt, HISTORY)) {
      for (HistoryRow row : rows) {
        last.merge(row.name(), row, (a, b) -> a.step() >= b.step() ? a : b);
      }
    }
    Map<String, Double> values = new TreeMap<>();
    last.forEach((name, row) -> values.put(name, row.value()));
    if (last.containsKey(TrainingHistory.KEPT_EPOCH)) {
      values.putAll(validation(attempt, (int) last.get(TrainingHistory.KEPT_EPOCH).value()));
    }
    return values;
  }

  /** The validation of the epoch whose weights were kept. */
  private static Map<String, Double> validation(String attempt, int epoch) throws IOException {
    Map<String, Double> values = new TreeMap<>();
    try (ParquetTable.Rows<HistoryRow> rows =
        ParquetTable.read(HistoryRow.class, attempt, HISTORY)) {
      for (HistoryRow row : rows) {
        if (row.epoch() == epoch && row.name().startsWith(TrainingHistory.VALIDATION)) {
          values.put(row.name(), row.value());
        }
      }
    }
    return values;
  }
}
