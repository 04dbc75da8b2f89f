package io.facet.pipelines.evaluate;

import io.facet.models.DataException;
import io.facet.models.embed.Embedder;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.Pixels;
import io.facet.models.face.RejectReason;
import io.facet.models.format.NamedPair;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.ScoredPairs;
import io.facet.transforms.score.TemplateOptions;
import io.facet.transforms.score.VerificationMetrics;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Measures a model on one verification set in this process, without pipelines: the same reading,
 * aligning and measuring, and the same images are left out for the same reasons.
 */
public final class PlainVerification {
  static final int CHUNK = 256;

  private PlainVerification() {}

  /** Told how many images of how many are embedded. */
  public interface Progress {
    void accept(long done, long total);
  }

  /**
   * What came of it.
   *
   * @param rows the figures
   * @param notes of pairs that were left out, for people; empty if none was
   */
  public record Measured(List<MetricRow> rows, List<String> notes) {}

  /**
   * Measures a model.
   *
   * @param templates how a set of templates is measured; not used for others
   * @throws DataException if the set is malformed, or nothing of it can be scored
   */
  public static Measured measure(
      SourceSpec set,
      AlignOptions align,
      Embedder embedder,
      VerificationMetrics.Subject subject,
      TemplateOptions templates,
      VerificationMetrics.Options options,
      Progress progress)
      throws IOException {
    SourceListing listing = set.list();
    if (listing.templates().isPresent()) {
      return PlainTemplates.measure(
          set, listing, align, embedder, subject, templates, options, progress);
    }
    LeftOut leftOut = new LeftOut();
    Map<String, float[]> embeddings = embeddings(set, listing, align, embedder, leftOut, progress);
    List<NamedPair> pairs = listing.pairs();
    ScoredPairs scored =
        ScoredPairs.of(
            scores(set.label(), pairs, embeddings, subject.model(), leftOut), identities(listing));
    if (scored.size() == 0) {
      throw nothing(set, pairs.size(), leftOut);
    }
    try {
      return new Measured(
          VerificationMetrics.measure(
              subject,
              set.label(),
              VerificationMetrics.judge(set.label(), scored, options),
              options),
          leftOut.isEmpty() ? List.of() : List.of(set.label() + ": " + leftOut.text(pairs.size())));
    } catch (DataException e) {
      throw leftOut.isEmpty()
          ? e
          : new DataException(e.getMessage() + "; " + leftOut.text(pairs.size()), e);
    }
  }

  /** Scores pairs as they are asked for; those that cannot be scored are counted. */
  private static Iterable<ScoreRow> scores(
      String set,
      List<NamedPair> pairs,
      Map<String, float[]> embeddings,
      String model,
      LeftOut leftOut) {
    return () ->
        IntStream.range(0, pairs.size())
            .filter(
                i -> {
                  boolean scored =
                      embeddings.containsKey(pairs.get(i).left())
                          && embeddings.containsKey(pairs.get(i).right());
                  if (!scored) {
                    leftOut.pair();
                  }
                  return scored;
                })
            .mapToObj(
                i -> {
                  NamedPair pair = pairs.get(i);
                  return new ScoreRow(
                      model,
                      set,
                      i,
                      pair.fold(),
                      pair.same(),
                      pair.left(),
                      pair.right(),
                      pair.left(),
                      pair.right(),
                      EmbeddingMath.cosine(
                          embeddings.get(pair.left()), embeddings.get(pair.right())));
                })
            .iterator();
  }

  static DataException nothing(SourceSpec set, int pairs, LeftOut leftOut) {
    if (pairs == 0) {
      return new DataException(set.label() + ": the list holds no pair");
    }
    return new DataException(
        "%s: none of %d pairs could be scored: %s%s"
            .formatted(
                set.label(),
                pairs,
                leftOut.reasons(),
                leftOut.has(RejectReason.NOT_ALIGNED.key())
                    ? "; add --detector, or align the images"
                    : "; correct the set"));
  }

  /** By the names that stand for images here. */
  private static Map<String, Long> identities(SourceListing listing) {
    Map<String, Long> identities = new HashMap<>();
    for (SourceSample sample : listing.samples()) {
      if (!sample.identity().isEmpty()) {
        identities.put(sample.name(), IdentityRow.number(sample.identity()));
      }
    }
    return identities;
  }

  private static Map<String, float[]> embeddings(
      SourceSpec set,
      SourceListing listing,
      AlignOptions align,
      Embedder embedder,
      LeftOut leftOut,
      Progress progress)
      throws IOException {
    Set<String> wanted = new HashSet<>();
    listing.pairs().forEach(pair -> wanted.addAll(List.of(pair.left(), pair.right())));
    Map<String, float[]> embeddings = new HashMap<>();
    List<String> names = new ArrayList<>();
    List<Pixels> crops = new ArrayList<>();
    long seen = 0;
    try (FaceAligner finding = FaceAligner.open(align);
        FaceAligner taking = FaceAligner.open(align.ofCrops());
        FaceSource.Images images = set.open()) {
      for (SourceSample sample : listing.samples()) {
        if (!wanted.contains(sample.name())) {
          continue;
        }
        Optional<Pixels> crop = crop(set, images, sample, finding, taking, leftOut);
        if (crop.isPresent()) {
          names.add(sample.name());
          crops.add(crop.get());
        }
        if (crops.size() == CHUNK) {
          embed(embedder, names, crops, embeddings);
        }
        progress.accept(++seen, wanted.size());
      }
    }
    embed(embedder, names, crops, embeddings);
    return embeddings;
  }

  static Optional<Pixels> crop(
      SourceSpec set,
      FaceSource.Images images,
      SourceSample sample,
      FaceAligner finding,
      FaceAligner taking,
      LeftOut leftOut)
      throws IOException {
    SampleReading.Outcome outcome = SampleReading.read(images, sample);
    if (outcome instanceof SampleReading.Read read) {
      SourceImage image = read.image();
      boolean isCrop =
          set.aligned()
              .isCrop(
                  read.header().width(),
                  read.header().height(),
                  image.landmarks().length > 0,
                  finding.options().template());
      AlignmentResult result =
          (isCrop ? taking : finding).align(image.encoded(), image.landmarks());
      if (result instanceof AlignmentResult.Rejected rejected) {
        leftOut.image(sample.name(), rejected.reason().key(), rejected.detail());
        return Optional.empty();
      }
      return Optional.of(((Aligned) result).crop());
    }
    SampleReading.Unusable unusable = (SampleReading.Unusable) outcome;
    leftOut.image(sample.name(), unusable.reason(), unusable.detail());
    return Optional.empty();
  }

  private static void embed(
      Embedder embedder, List<String> names, List<Pixels> crops, Map<String, float[]> embeddings) {
    float[][] rows = embedder.embed(crops);
    for (int i = 0; i < rows.length; i++) {
      embeddings.put(names.get(i), EmbeddingMath.normalise(rows[i]));
    }
    names.clear();
    crops.clear();
  }
}
