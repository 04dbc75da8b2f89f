package io.facet.transforms.score;

import io.facet.models.protocol.EmbeddingMath;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.shared.GroupBoth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * an image that has no face as {@link #REJECTS}. Pairs are scored group by group ({@link
 * PairBlocks}): ids and scores travel with each pair, embeddings only to the groups that need them.
 */
public final class ScorePairs extends PTransform<PCollection<PairRow>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** One row a scored pair. */
  public static final TupleTag<ScoreRow> SCORES = new TupleTag<>("scores") {};

  /** Pairs that cannot be scored. */
  public static final TupleTag<RejectRow> REJECTS = new TupleTag<>("rejects") {};

  private static final String REASON = "no-embedding";

  private final String model;
  private final PairBlocks blocks;
  private final transient PCollection<EmbeddingRow> embeddings;

  private ScorePairs(String model, PairBlocks blocks, PCollection<EmbeddingRow> embeddings) {
    this.model = model;
    this.blocks = blocks;
    this.embeddings = embeddings;
  }

  /**
   * Scores with one model's embeddings. The numbers need not be exact: they decide how much is in
   * memory at once, and how often an embedding is sent, never a score.
   *
   * @param model its name in the rows
   * @param embeddings L2-normalised, one face an image
   * @param images how many there are of the pairs, at most
   * @param pairs how many there are
   */
  public static ScorePairs with(
      String model, PCollection<EmbeddingRow> embeddings, long images, long pairs) {
    return new ScorePairs(model, PairBlocks.of(images, pairs), embeddings);
  }

  /** With so many blocks. */
  ScorePairs in(PairBlocks other) {
    return new ScorePairs(model, other, embeddings);
  }

  @Override
  public PCollectionTuple expand(PCollection<PairRow> pairs) {
    PairBlocks parted = blocks;
    PCollection<KV<String, EmbeddingRow>> byImage =
        embeddings.apply(
            "KeyEmbeddings",
            WithKeys.<String, EmbeddingRow>of(row -> FaceId.imageId(row.faceId()))
                .withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, PairRow>> byBlocks =
        pairs.apply(
            "KeyByBlocks",
            WithKeys.<String, PairRow>of(parted::between).withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, EmbeddingRow>> sent =
        byBlocks
            .apply("NameImages", ParDo.of(new NameFn()))
            .apply("JoinEmbeddings", GroupBoth.with(byImage))
            .apply("SendEmbeddings", ParDo.of(new SendFn()));
    return byBlocks
        .apply("JoinBlocks", GroupBoth.with(sent))
        .apply(
            "Score", ParDo.of(new ScoreFn(model)).withOutputTags(SCORES, TupleTagList.of(REJECTS)));
  }

  /** Which blocks an image is needed for. */
  private static final class NameFn extends DoFn<KV<String, PairRow>, KV<String, String>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element KV<String, PairRow> pair, OutputReceiver<KV<String, String>> out) {
      out.output(KV.of(pair.getValue().leftImageId(), pair.getKey()));
      out.output(KV.of(pair.getValue().rightImageId(), pair.getKey()));
    }
  }

  /** Sends an embedding once to each. */
  private static final class SendFn
      extends DoFn<KV<String, Iterable<KV<EmbeddingRow, String>>>, KV<String, EmbeddingRow>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<EmbeddingRow, String>>> image,
        OutputReceiver<KV<String, EmbeddingRow>> out) {
      List<EmbeddingRow> embedding = new ArrayList<>();
      Set<String> wanted = new TreeSet<>();
      GroupBoth.each(image.getValue(), embedding::add, wanted::add);
      for (EmbeddingRow one : embedding) {
        wanted.forEach(blocks -> out.output(KV.of(blocks, one)));
      }
    }
  }

  private static final class ScoreFn
      extends DoFn<KV<String, Iterable<KV<EmbeddingRow, PairRow>>>, ScoreRow> {
    private static final long serialVersionUID = 1L;

    private final String model;

    ScoreFn(String model) {
      this.model = model;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<EmbeddingRow, PairRow>>> blocks, MultiOutputReceiver out) {
      Map<String, EmbeddingRow> embeddings = new HashMap<>();
      List<PairRow> waiting = new ArrayList<>();
      GroupBoth.each(
          blocks.getValue(),
          row -> embeddings.put(FaceId.imageId(row.faceId()), row),
          pair -> {
            EmbeddingRow left = embeddings.get(pair.leftImageId());
            EmbeddingRow right = embeddings.get(pair.rightImageId());
            if (left == null || right == null) {
              waiting.add(pair);
            } else {
              out.get(SCORES).output(scored(pair, left, right));
            }
          });
      for (PairRow pair : waiting) {
        EmbeddingRow left = embeddings.get(pair.leftImageId());
        EmbeddingRow right = embeddings.get(pair.rightImageId());
        if (left == null || right == null) {
          String missing = left == null ? pair.leftImageId() : pair.rightImageId();
          out.get(REJECTS).output(reject(pair, missing));
        } else {
          out.get(SCORES).output(scored(pair, left, right));
        }
      }
    }

    private ScoreRow scored(PairRow pair, EmbeddingRow left, EmbeddingRow right) {
      return new ScoreRow(
          model,
          pair.set(),
          pair.position(),
          pair.fold(),
          pair.same(),
          left.faceId(),
          right.faceId(),
          pair.leftImageId(),
          pair.rightImageId(),
          EmbeddingMath.cosine(left.values(), right.values()));
    }

    private static RejectRow reject(PairRow pair, String missing) {
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
