package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.backbone.Embedder;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.Pixels;
import io.facet.models.format.NamedPair;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.VerificationMetrics;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourcePicture;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Measures a model on one verification set in this process, without pipelines. */
final class PlainVerification {
  private static final int CHUNK = 256;

  private PlainVerification() {}

  static List<MetricRow> measure(
      SourceSpec set,
      AlignOptions align,
      Embedder embedder,
      VerificationMetrics.Subject subject,
      VerificationMetrics.Options options)
      throws IOException {
    SourceListing listing = set.list();
    Map<String, float[]> embeddings = embeddings(set, listing, align, embedder);
    List<ScoreRow> scores = new ArrayList<>();
    List<NamedPair> pairs = listing.pairs();
    for (int i = 0; i < pairs.size(); i++) {
      NamedPair pair = pairs.get(i);
      float[] left = embeddings.get(pair.left());
      float[] right = embeddings.get(pair.right());
      if (left != null && right != null) {
        scores.add(
            new ScoreRow(
                subject.model(),
                set.label(),
                i,
                pair.fold(),
                pair.same(),
                pair.left(),
                pair.right(),
                pair.left(),
                pair.right(),
                EmbeddingMath.cosine(left, right)));
      }
    }
    if (scores.isEmpty()) {
      throw new DataException(
          "%s: none of %d pairs could be scored; are the pictures aligned, or is --detector missing?"
              .formatted(set.label(), pairs.size()));
    }
    return VerificationMetrics.measure(subject, set.label(), scores, identities(listing), options);
  }

  /** By the names that stand for pictures here. */
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
      SourceSpec set, SourceListing listing, AlignOptions align, Embedder embedder)
      throws IOException {
    Set<String> wanted = new HashSet<>();
    listing.pairs().forEach(pair -> wanted.addAll(List.of(pair.left(), pair.right())));
    Map<String, float[]> embeddings = new HashMap<>();
    List<String> names = new ArrayList<>();
    List<Pixels> crops = new ArrayList<>();
    try (FaceAligner aligner = FaceAligner.open(align);
        FaceSource.Pictures pictures = set.open()) {
      for (SourceSample sample : listing.samples()) {
        if (!wanted.contains(sample.name())) {
          continue;
        }
        SourcePicture picture = pictures.read(sample);
        AlignmentResult result = aligner.align(picture.encoded(), picture.landmarks());
        if (result instanceof Aligned aligned) {
          names.add(sample.name());
          crops.add(aligned.crop());
        }
        if (crops.size() == CHUNK) {
          embed(embedder, names, crops, embeddings);
        }
      }
    }
    embed(embedder, names, crops, embeddings);
    return embeddings;
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
