package io.facet.transforms.score;

import io.facet.models.protocol.TemplateFeatures;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.TemplateFeatureRow;
import io.facet.transforms.row.TemplateScoresRow;
import io.facet.transforms.row.TemplateSubjectRow;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Measures every set in a collection of one model's scored blocks of pairs of templates. */
public final class MeasureTemplates
    extends PTransform<PCollection<TemplateScoresRow>, PCollection<MetricRow>> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<TemplateScoresRow> SCORES = new TupleTag<>("scores") {};
  private static final TupleTag<TemplateFeatureRow> FEATURES = new TupleTag<>("features") {};
  private static final TupleTag<TemplateSubjectRow> SUBJECTS = new TupleTag<>("subjects") {};

  private final VerificationMetrics.Subject subject;
  private final TemplateOptions asked;
  private final VerificationMetrics.Options options;
  private final transient PCollection<TemplateFeatureRow> features;
  private final transient PCollection<TemplateSubjectRow> subjects;

  private MeasureTemplates(
      VerificationMetrics.Subject subject,
      PCollection<TemplateFeatureRow> features,
      PCollection<TemplateSubjectRow> subjects,
      TemplateOptions asked,
      VerificationMetrics.Options options) {
    this.subject = subject;
    this.features = features;
    this.subjects = subjects;
    this.asked = asked;
    this.options = options;
  }

  /**
   * Measures a model.
   *
   * @param features of the templates
   * @param subjects of galleries and probes
   */
  public static MeasureTemplates of(
      VerificationMetrics.Subject subject,
      PCollection<TemplateFeatureRow> features,
      PCollection<TemplateSubjectRow> subjects,
      TemplateOptions asked,
      VerificationMetrics.Options options) {
    return new MeasureTemplates(subject, features, subjects, asked, options);
  }

  @Override
  public PCollection<MetricRow> expand(PCollection<TemplateScoresRow> scores) {
    PCollection<KV<String, TemplateScoresRow>> scoresBySet =
        scores.apply(
            "KeyBySet", WithKeys.of(TemplateScoresRow::set).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, TemplateFeatureRow>> featuresBySet =
        features.apply(
            "KeyFeaturesBySet",
            WithKeys.of(TemplateFeatureRow::set).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, TemplateSubjectRow>> subjectsBySet =
        subjects.apply(
            "KeySubjectsBySet",
            WithKeys.of(TemplateSubjectRow::set).withKeyType(TypeDescriptors.strings()));
    return KeyedPCollectionTuple.of(SCORES, scoresBySet)
        .and(FEATURES, featuresBySet)
        .and(SUBJECTS, subjectsBySet)
        .apply("GroupBySet", CoGroupByKey.create())
        .apply("Measure", ParDo.of(new MeasureFn(subject, asked, options)));
  }

  private static final class MeasureFn extends DoFn<KV<String, CoGbkResult>, MetricRow> {
    private static final long serialVersionUID = 1L;

    private final VerificationMetrics.Subject subject;
    private final TemplateOptions asked;
    private final VerificationMetrics.Options options;

    MeasureFn(
        VerificationMetrics.Subject subject,
        TemplateOptions asked,
        VerificationMetrics.Options options) {
      this.subject = subject;
      this.asked = asked;
      this.options = options;
    }

    @ProcessElement
    public void process(@Element KV<String, CoGbkResult> set, OutputReceiver<MetricRow> out) {
      List<TemplateScoresRow> blocks = new ArrayList<>();
      set.getValue().getAll(SCORES).forEach(blocks::add);
      Map<Integer, float[]> features = new HashMap<>();
      for (TemplateFeatureRow row : set.getValue().getAll(FEATURES)) {
        features.put(row.template(), row.values());
      }
      List<TemplateSubjectRow> subjects = new ArrayList<>();
      set.getValue().getAll(SUBJECTS).forEach(subjects::add);
      TemplateMetrics.measure(
              subject,
              set.getKey(),
              blocks,
              TemplateFeatures.of(features),
              subjects,
              asked,
              options)
          .forEach(out::output);
    }
  }
}
