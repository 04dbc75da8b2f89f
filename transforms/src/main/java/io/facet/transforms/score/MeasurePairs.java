package io.facet.transforms.score;

import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Measures every verification set in a collection of one model's scored pairs. */
public final class MeasurePairs extends PTransform<PCollection<ScoreRow>, PCollection<MetricRow>> {
  private static final long serialVersionUID = 1L;

  private final VerificationMetrics.Subject subject;
  private final VerificationMetrics.Options options;

  private MeasurePairs(VerificationMetrics.Subject subject, VerificationMetrics.Options options) {
    this.subject = subject;
    this.options = options;
  }

  /** Measures a model. */
  public static MeasurePairs of(
      VerificationMetrics.Subject subject, VerificationMetrics.Options options) {
    return new MeasurePairs(subject, options);
  }

  @Override
  public PCollection<MetricRow> expand(PCollection<ScoreRow> scores) {
    return scores
        .apply("KeyBySet", WithKeys.of(ScoreRow::set).withKeyType(TypeDescriptors.strings()))
        .apply("GroupBySet", GroupByKey.create())
        .apply("Measure", ParDo.of(new MeasureFn(subject, options)));
  }

  private static final class MeasureFn extends DoFn<KV<String, Iterable<ScoreRow>>, MetricRow> {
    private static final long serialVersionUID = 1L;

    private final VerificationMetrics.Subject subject;
    private final VerificationMetrics.Options options;

    MeasureFn(VerificationMetrics.Subject subject, VerificationMetrics.Options options) {
      this.subject = subject;
      this.options = options;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<ScoreRow>> set, OutputReceiver<MetricRow> out) {
      List<ScoreRow> scores = new ArrayList<>();
      set.getValue().forEach(scores::add);
      VerificationMetrics.measure(subject, set.getKey(), scores, options).forEach(out::output);
    }
  }
}
