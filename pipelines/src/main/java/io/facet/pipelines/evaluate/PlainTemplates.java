package io.facet.pipelines.evaluate;

import io.facet.models.embed.Embedder;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.Pixels;
import io.facet.models.format.TemplateLists;
import io.facet.models.protocol.TemplateFeatures;
import io.facet.models.protocol.TemplateSum;
import io.facet.transforms.row.TemplatePairsRow;
import io.facet.transforms.row.TemplateScoresRow;
import io.facet.transforms.row.TemplateSubjectRow;
import io.facet.transforms.score.ScoreTemplates;
import io.facet.transforms.score.TemplateMetrics;
import io.facet.transforms.score.TemplateOptions;
import io.facet.transforms.score.VerificationMetrics;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Measures a model on one set of templates in this process. Faces are embedded template by
 * template, so that only the features of templates are kept.
 */
final class PlainTemplates {
  private final SourceSpec set;
  private final TemplateLists lists;
  private final Embedder embedder;
  private final TemplateOptions asked;
  private final LeftOut leftOut = new LeftOut();
  private final Map<Integer, float[]> features = new HashMap<>();
  private int template;
  private TemplateSum sum;

  private PlainTemplates(
      SourceSpec set, TemplateLists lists, Embedder embedder, TemplateOptions asked) {
    this.set = set;
    this.lists = lists;
    this.embedder = embedder;
    this.asked = asked;
    this.sum = new TemplateSum(asked.features());
  }

  /** Measures as {@link PlainVerification#measure} does. */
  static PlainVerification.Measured measure(
      SourceSpec set,
      SourceListing listing,
      AlignOptions align,
      Embedder embedder,
      VerificationMetrics.Subject subject,
      TemplateOptions asked,
      VerificationMetrics.Options options,
      PlainVerification.Progress progress)
      throws IOException {
    TemplateLists lists = listing.templates().orElseThrow();
    PlainTemplates templates = new PlainTemplates(set, lists, embedder, asked);
    templates.embed(listing.samples(), align, progress);
    TemplateFeatures features = TemplateFeatures.of(templates.features);
    return templates.measure(features, subject, options);
  }

  private PlainVerification.Measured measure(
      TemplateFeatures features,
      VerificationMetrics.Subject subject,
      VerificationMetrics.Options options) {
    List<TemplateScoresRow> blocks = new ArrayList<>();
    Map<Integer, Long> missing = new HashMap<>();
    for (TemplatePairsRow block : TemplatePairsRow.of(set.label(), lists.pairs())) {
      blocks.add(ScoreTemplates.score(subject.model(), block, features, missing));
    }
    long lost = missing.values().stream().mapToLong(Long::longValue).sum();
    leftOut.pairs(lost);
    if (lost == lists.pairs().size()) {
      throw PlainVerification.nothing(set, lists.pairs().size(), leftOut);
    }
    return new PlainVerification.Measured(
        TemplateMetrics.measure(
            subject,
            set.label(),
            blocks,
            features,
            TemplateSubjectRow.of(set.label(), lists),
            asked,
            options),
        leftOut.hasImages()
            ? List.of(set.label() + ": " + leftOut.text(lists.pairs().size()))
            : List.of());
  }

  private void embed(
      List<SourceSample> samples, AlignOptions align, PlainVerification.Progress progress)
      throws IOException {
    Map<String, SourceSample> byName = new HashMap<>();
    samples.forEach(sample -> byName.put(sample.name(), sample));
    List<TemplateLists.Face> ordered =
        lists.faces().stream()
            .sorted(Comparator.comparingInt(TemplateLists.Face::template))
            .toList();
    List<TemplateLists.Face> faces = new ArrayList<>();
    List<Pixels> crops = new ArrayList<>();
    long seen = 0;
    try (FaceAligner aligner = FaceAligner.open(align);
        FaceSource.Images images = set.open()) {
      for (TemplateLists.Face face : ordered) {
        Optional<Pixels> crop =
            PlainVerification.crop(set, images, byName.get(face.name()), aligner, aligner, leftOut);
        if (crop.isPresent()) {
          faces.add(face);
          crops.add(crop.get());
        }
        if (crops.size() == PlainVerification.CHUNK) {
          add(faces, crops);
        }
        progress.accept(++seen, ordered.size());
      }
    }
    add(faces, crops);
    finish();
  }

  private void add(List<TemplateLists.Face> faces, List<Pixels> crops) {
    float[][] rows = embedder.embed(crops);
    for (int i = 0; i < rows.length; i++) {
      TemplateLists.Face face = faces.get(i);
      if (face.template() != template) {
        finish();
        template = face.template();
      }
      sum.add(face.medium(), rows[i], face.score());
    }
    faces.clear();
    crops.clear();
  }

  private void finish() {
    if (sum.faces() > 0) {
      features.put(template, sum.unit());
      sum = new TemplateSum(asked.features());
    }
  }
}
