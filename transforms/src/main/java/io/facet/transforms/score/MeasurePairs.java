package io.facet.transforms.score;

import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.ScoreRow;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Measures every verification set in a collection of one model's scored pairs: {@link #METRICS},
 * and which pairs it judged rightly as {@link #OUTCOMES}. The rows of a set are gone through once
 * and kept as {@link ScoredPairs}; who is on the images of all sets is in the memory of every
 * worker.
 */
public final class MeasurePairs extends PTransform<PCollection<ScoreRow>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Figures. */
  public static final TupleTag<MetricRow> METRICS = new TupleTag<>("metrics") {};

  /** One row a set. */
  public static final TupleTag<OutcomeRow> OUTCOMES = new TupleTag<>("outcomes") {};

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
    PCollectionView<Iterable<IdentityRow>> people =
        identities.apply("AllIdentities", View.asIterable());
    return scores
        .apply("KeyBySet", WithKeys.of(ScoreRow::set).withKeyType(TypeDescriptors.strings()))
        .apply("GroupBySet", GroupByKey.create())
        .apply(
            "Measure",
            ParDo.of(new MeasureFn(subject, people, options))
                .withSideInputs(people)
                .withOutputTags(METRICS, TupleTagList.of(OUTCOMES)));
  }

  private static final class MeasureFn extends DoFn<KV<String, Iterable<ScoreRow>>, MetricRow> {
    private static final long serialVersionUID = 1L;

    private final VerificationMetrics.Subject subject;
    private final PCollectionView<Iterable<IdentityRow>> people;
    private final VerificationMetrics.Options options;

    MeasureFn(
        VerificationMetrics.Subject subject,
        PCollectionView<Iterable<IdentityRow>> people,
        VerificationMetrics.Options options) {
      this.subject = subject;
      this.people = people;
      this.options = options;
    }

    @ProcessElement
    public void process(ProcessContext context, MultiOutputReceiver out) {
      String set = context.element().getKey();
      VerificationMetrics.Judged judged = judge(context);
      VerificationMetrics.measure(subject, set, judged, options).forEach(out.get(METRICS)::output);
      out.get(OUTCOMES).output(judged.outcomes().row(subject.model(), set));
    }

    /** Scores are in memory no longer than this. */
    private VerificationMetrics.Judged judge(ProcessContext context) {
      String set = context.element().getKey();
      Map<String, Long> identities = IdentityRow.byImage(ofSet(set, context.sideInput(people)));
      return VerificationMetrics.judge(
          set, ScoredPairs.of(context.element().getValue(), identities), options);
    }

    private static Iterable<IdentityRow> ofSet(String set, Iterable<IdentityRow> rows) {
      return () ->
          StreamSupport.stream(rows.spliterator(), false)
              .filter(row -> row.set().equals(set))
              .iterator();
    }
  }
}
