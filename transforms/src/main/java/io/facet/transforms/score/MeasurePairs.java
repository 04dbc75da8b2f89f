package io.facet.transforms.score;

import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.shared.GroupBoth;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Measures every verification set in a collection of one model's scored pairs: {@link #METRICS},
 * and which pairs it judged rightly as {@link #OUTCOMES}. The pairs of a set, and who is on their
 * images, come to one worker one by one, and are kept as {@link ScoredPairs}.
 */
public final class MeasurePairs extends PTransform<PCollection<ScoreRow>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Figures. */
  public static final TupleTag<MetricRow> METRICS = new TupleTag<>("metrics") {};

  /** Of each set. */
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

  /**
   * What is measured of a row of {@code scores}.
   *
   * @param position of the pair in its list, from 0
   * @param fold of the protocol
   * @param same whether both show one person
   * @param leftFaceId first face, named as in {@link FaceId}
   * @param rightFaceId second face
   * @param score cosine of the embeddings
   */
  record Scored(
      int position, int fold, boolean same, String leftFaceId, String rightFaceId, double score)
      implements Serializable {
    static Scored of(ScoreRow row) {
      return new Scored(
          row.position(), row.fold(), row.same(), row.leftFaceId(), row.rightFaceId(), row.score());
    }
  }

  @Override
  public PCollectionTuple expand(PCollection<ScoreRow> scores) {
    PCollection<KV<String, IdentityRow>> people =
        identities.apply(
            "KeyIdentities", WithKeys.of(IdentityRow::set).withKeyType(TypeDescriptors.strings()));
    return scores
        .apply(
            "KeyBySet",
            MapElements.into(
                    TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptor.of(Scored.class)))
                .via(row -> KV.of(row.set(), Scored.of(row))))
        .apply("GroupBySet", GroupBoth.with(people))
        .apply(
            "Measure",
            ParDo.of(new MeasureFn(subject, options))
                .withOutputTags(METRICS, TupleTagList.of(OUTCOMES)));
  }

  private static final class MeasureFn
      extends DoFn<KV<String, Iterable<KV<IdentityRow, Scored>>>, MetricRow> {
    private static final long serialVersionUID = 1L;

    private final VerificationMetrics.Subject subject;
    private final VerificationMetrics.Options options;

    MeasureFn(VerificationMetrics.Subject subject, VerificationMetrics.Options options) {
      this.subject = subject;
      this.options = options;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<IdentityRow, Scored>>> set, MultiOutputReceiver out) {
      String name = set.getKey();
      judge(name, set.getValue())
          .ifPresent(
              judged -> {
                VerificationMetrics.measure(subject, name, judged, options)
                    .forEach(out.get(METRICS)::output);
                judged.outcomes().rows(subject.model(), name).forEach(out.get(OUTCOMES)::output);
              });
    }

    /** Scores are in memory no longer than this; empty for a set of no scored pairs. */
    private Optional<VerificationMetrics.Judged> judge(
        String set, Iterable<KV<IdentityRow, Scored>> rows) {
      Map<String, Long> people = new HashMap<>();
      ScoredPairsBuilder pairs = new ScoredPairsBuilder();
      GroupBoth.each(
          rows,
          person -> person.addTo(people),
          pair ->
              pairs.add(
                  pair.position(),
                  pair.fold(),
                  pair.same(),
                  pairs.face(pair.leftFaceId()),
                  pairs.face(pair.rightFaceId()),
                  pair.score()));
      return pairs.size() == 0
          ? Optional.empty()
          : Optional.of(VerificationMetrics.judge(set, pairs.build(people), options));
    }
  }
}
