package io.facet.transforms.score;

import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.ScoreRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.join.CoGbkResult;
import org.apache.beam.sdk.transforms.join.CoGroupByKey;
import org.apache.beam.sdk.transforms.join.KeyedPCollectionTuple;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Measures every verification set in a collection of one model's scored pairs: {@link #METRICS},
 * and which pairs it judged rightly as {@link #OUTCOMES}.
 */
public final class MeasurePairs extends PTransform<PCollection<ScoreRow>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Figures. */
  public static final TupleTag<MetricRow> METRICS = new TupleTag<>("metrics") {};

  /** One row a set. */
  public static final TupleTag<OutcomeRow> OUTCOMES = new TupleTag<>("outcomes") {};

  private static final TupleTag<ScoreRow> SCORES = new TupleTag<>("scores") {};
  private static final TupleTag<IdentityRow> IDENTITIES = new TupleTag<>("identities") {};

  private final VerificationMetrics.Subject subject;
  private final VerificationMetrics.Options options;
  private final transient PCollection<IdentityRow> identities;

  private MeasurePairs(
      VerificationMetrics.Subject subject,
      PCollection<IdentityRow> identities,
      VerificationMetrics.Options options) {
    this.subject = subject;
    this.identities = identities;
    this.options = options;
  }

  /**
   * Measures a model.
   *
   * @param identities who is on the images of the sets, as far as it is known
   */
  public static MeasurePairs of(
      VerificationMetrics.Subject subject,
      PCollection<IdentityRow> identities,
      VerificationMetrics.Options options) {
    return new MeasurePairs(subject, identities, options);
  }

  @Override
  public PCollectionTuple expand(PCollection<ScoreRow> scores) {
    PCollection<KV<String, ScoreRow>> scoresBySet =
        scores.apply("KeyBySet", WithKeys.of(ScoreRow::set).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, IdentityRow>> identitiesBySet =
        identities.apply(
            "KeyIdentitiesBySet",
            WithKeys.of(IdentityRow::set).withKeyType(TypeDescriptors.strings()));
    return KeyedPCollectionTuple.of(SCORES, scoresBySet)
        .and(IDENTITIES, identitiesBySet)
        .apply("GroupBySet", CoGroupByKey.create())
        .apply(
            "Measure",
            ParDo.of(new MeasureFn(subject, options))
                .withOutputTags(METRICS, TupleTagList.of(OUTCOMES)));
  }

  private static final class MeasureFn extends DoFn<KV<String, CoGbkResult>, MetricRow> {
    private static final long serialVersionUID = 1L;

    private final VerificationMetrics.Subject subject;
    private final VerificationMetrics.Options options;

    MeasureFn(VerificationMetrics.Subject subject, VerificationMetrics.Options options) {
      this.subject = subject;
      this.options = options;
    }

    @ProcessElement
    public void process(@Element KV<String, CoGbkResult> set, MultiOutputReceiver out) {
      List<ScoreRow> scores = new ArrayList<>();
      set.getValue().getAll(SCORES).forEach(scores::add);
      if (!scores.isEmpty()) {
        Map<String, Long> people = IdentityRow.byImage(set.getValue().getAll(IDENTITIES));
        VerificationMetrics.measure(subject, set.getKey(), scores, people, options)
            .forEach(out.get(METRICS)::output);
        out.get(OUTCOMES).output(Outcomes.of(scores, people).row(subject.model(), set.getKey()));
      }
    }
  }
}
