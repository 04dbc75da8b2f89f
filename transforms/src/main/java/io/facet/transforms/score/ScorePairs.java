package io.facet.transforms.score;

import io.facet.models.protocol.EmbeddingMath;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.shared.GroupBoth;
import java.io.Serializable;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Scores pairs of images by the cosine of their faces' embeddings: {@link #SCORES}, and pairs with
 * an image that has no face as {@link #REJECTS}.
 */
public final class ScorePairs extends PTransform<PCollection<PairRow>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** One row a scored pair. */
  public static final TupleTag<ScoreRow> SCORES = new TupleTag<>("scores") {};

  /** Pairs that cannot be scored. */
  public static final TupleTag<RejectRow> REJECTS = new TupleTag<>("rejects") {};

  private static final String REASON = "no-embedding";

  private final String model;
  private final transient PCollection<EmbeddingRow> embeddings;

  private ScorePairs(String model, PCollection<EmbeddingRow> embeddings) {
    this.model = model;
    this.embeddings = embeddings;
  }

  /**
   * Scores with one model's embeddings.
   *
   * @param model its name in the rows
   * @param embeddings L2-normalised, one face an image
   */
  public static ScorePairs with(String model, PCollection<EmbeddingRow> embeddings) {
    return new ScorePairs(model, embeddings);
  }

  /** A pair whose left embedding was found; no id: it has none. */
  @SuppressWarnings("ArrayRecordComponent")
  record LeftScored(
      String set,
      int position,
      int fold,
      String leftImageId,
      String rightImageId,
      boolean same,
      String leftFaceId,
      float[] values)
      implements Serializable {}

  @Override
  public PCollectionTuple expand(PCollection<PairRow> pairs) {
    PCollection<KV<String, EmbeddingRow>> byImage =
        embeddings.apply(
            "KeyEmbeddings",
            WithKeys.<String, EmbeddingRow>of(row -> FaceId.imageId(row.faceId()))
                .withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, PairRow>> byLeft =
        pairs.apply(
            "KeyByLeft", WithKeys.of(PairRow::leftImageId).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, LeftScored>> byRight =
        byLeft
            .apply("JoinLeft", GroupBoth.with(byImage))
            .apply("TakeLeft", ParDo.of(new LeftFn()))
            .apply(
                "KeyByRight",
                WithKeys.of(LeftScored::rightImageId).withKeyType(TypeDescriptors.strings()));
    return byRight
        .apply("JoinRight", GroupBoth.with(byImage))
        .apply(
            "Score", ParDo.of(new ScoreFn(model)).withOutputTags(SCORES, TupleTagList.of(REJECTS)));
  }

  private static final class LeftFn
      extends DoFn<KV<String, Iterable<KV<EmbeddingRow, PairRow>>>, LeftScored> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<EmbeddingRow, PairRow>>> image,
        OutputReceiver<LeftScored> out) {
      GroupBoth.lookUp(image.getValue(), (left, pair) -> out.output(scored(pair, left)));
    }

    private static LeftScored scored(PairRow pair, EmbeddingRow left) {
      return new LeftScored(
          pair.set(),
          pair.position(),
          pair.fold(),
          pair.leftImageId(),
          pair.rightImageId(),
          pair.same(),
          left == null ? "" : left.faceId(),
          left == null ? new float[0] : left.values());
    }
  }

  private static final class ScoreFn
      extends DoFn<KV<String, Iterable<KV<EmbeddingRow, LeftScored>>>, ScoreRow> {
    private static final long serialVersionUID = 1L;

    private final String model;

    ScoreFn(String model) {
      this.model = model;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<EmbeddingRow, LeftScored>>> image,
        MultiOutputReceiver out) {
      GroupBoth.lookUp(image.getValue(), (right, pair) -> score(pair, right, out));
    }

    private void score(LeftScored pair, EmbeddingRow right, MultiOutputReceiver out) {
      if (pair.leftFaceId().isEmpty() || right == null) {
        out.get(REJECTS).output(reject(pair));
      } else {
        out.get(SCORES)
            .output(
                new ScoreRow(
                    model,
                    pair.set(),
                    pair.position(),
                    pair.fold(),
                    pair.same(),
                    pair.leftFaceId(),
                    right.faceId(),
                    pair.leftImageId(),
                    pair.rightImageId(),
                    EmbeddingMath.cosine(pair.values(), right.values())));
      }
    }

    private static RejectRow reject(LeftScored pair) {
      String missing = pair.leftFaceId().isEmpty() ? pair.leftImageId() : pair.rightImageId();
      return new RejectRow(
          "evaluate",
          pair.set(),
          "pair " + pair.position(),
          missing,
          REASON,
          "the image has no face; see the rejects of align");
    }
  }
}
