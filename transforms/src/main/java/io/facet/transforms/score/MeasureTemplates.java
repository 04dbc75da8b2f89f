package io.facet.transforms.score;

import io.facet.models.protocol.TemplateFeatures;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.TemplateFeatureRow;
import io.facet.transforms.row.TemplateScoresRow;
import io.facet.transforms.row.TemplateSubjectRow;
import io.facet.transforms.shared.GroupBoth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Measures every set in a collection of one model's scored blocks of pairs of templates. */
public final class MeasureTemplates
    extends PTransform<PCollection<TemplateScoresRow>, PCollection<MetricRow>> {
  private static final long serialVersionUID = 1L;

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
    PCollectionView<Iterable<TemplateSubjectRow>> allSubjects =
        subjects.apply("AllSubjects", View.asIterable());
    return featuresBySet
        .apply("GroupBySet", GroupBoth.with(scoresBySet))
        .apply(
            "Measure",
            ParDo.of(new MeasureFn(subject, allSubjects, asked, options))
                .withSideInputs(allSubjects));
  }

  private static final class MeasureFn
      extends DoFn<KV<String, Iterable<KV<TemplateScoresRow, TemplateFeatureRow>>>, MetricRow> {
    private static final long serialVersionUID = 1L;

    private final VerificationMetrics.Subject subject;
    private final PCollectionView<Iterable<TemplateSubjectRow>> subjects;
    private final TemplateOptions asked;
    private final VerificationMetrics.Options options;

    MeasureFn(
        VerificationMetrics.Subject subject,
        PCollectionView<Iterable<TemplateSubjectRow>> subjects,
        TemplateOptions asked,
        VerificationMetrics.Options options) {
      this.subject = subject;
      this.subjects = subjects;
      this.asked = asked;
      this.options = options;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      String set = context.element().getKey();
      List<TemplateScoresRow> blocks = new ArrayList<>();
      Map<Integer, float[]> features = new HashMap<>();
      GroupBoth.each(
          context.element().getValue(),
          blocks::add,
          row -> features.put(row.template(), row.values()));
      List<TemplateSubjectRow> ofSet = new ArrayList<>();
      for (TemplateSubjectRow row : context.sideInput(subjects)) {
        if (row.set().equals(set)) {
          ofSet.add(row);
        }
      }
      TemplateMetrics.measure(
              subject, set, blocks, TemplateFeatures.of(features), ofSet, asked, options)
          .forEach(context::output);
    }
  }
}
