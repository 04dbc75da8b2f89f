package io.facet.transforms.train;

import io.facet.models.train.HistoryPoint;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.row.HistoryRow;
import io.facet.transforms.row.TimingRow;
import java.io.IOException;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * The progress that a finished training left in its attempt folder, as rows: {@link #HISTORY} and,
 * apart from it since it differs from run to run, {@link #TIMINGS}.
 */
public final class TrainingHistory extends PTransform<PCollection<String>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Losses, rates and validation figures. */
  public static final TupleTag<HistoryRow> HISTORY = new TupleTag<>("history") {};

  /** Throughput. */
  public static final TupleTag<TimingRow> TIMINGS = new TupleTag<>("timings") {};

  /** Figure of the epoch whose weights are the result, where a recipe lets validation choose. */
  public static final String KEPT_EPOCH = "kept_epoch";

  /** How the names of validation figures begin. */
  public static final String VALIDATION = "validation/";

  /** Timing: images of a step a second, since the line of history before. */
  public static final String THROUGHPUT = "images_per_second";

  private final String stage;

  private TrainingHistory(String stage) {
    this.stage = stage;
  }

  /** Reads the attempts of a stage from their URIs. */
  public static TrainingHistory ofStage(String stage) {
    return new TrainingHistory(stage);
  }

  /** Whether a point measures this machine rather than the training. */
  public static boolean isTiming(HistoryPoint point) {
    return point.name().equals(THROUGHPUT);
  }

  @Override
  public PCollectionTuple expand(PCollection<String> attempts) {
    return attempts.apply(
        "ReadProgress",
        ParDo.of(new ReadFn(stage)).withOutputTags(HISTORY, TupleTagList.of(TIMINGS)));
  }

  private static final class ReadFn extends DoFn<String, HistoryRow> {
    private static final long serialVersionUID = 1L;

    private final String stage;

    ReadFn(String stage) {
      this.stage = stage;
    }

    @ProcessElement
    public void process(@Element String attemptUri, MultiOutputReceiver out) throws IOException {
      for (AttemptFolder.Segment segment : new AttemptFolder(attemptUri).allProgress()) {
        for (HistoryPoint point : TrainingProgress.parse(segment.bytes()).points()) {
          if (isTiming(point)) {
            out.get(TIMINGS).output(new TimingRow(stage, point.name(), point.value()));
          } else {
            out.get(HISTORY).output(HistoryRow.of(point));
          }
        }
      }
    }
  }
}
