package io.facet.transforms.score;

import io.facet.models.protocol.TemplateFeatures;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.TemplateFeatureRow;
import io.facet.transforms.row.TemplatePairsRow;
import io.facet.transforms.row.TemplateScoresRow;
import java.util.HashMap;
import java.util.Map;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Scores blocks of pairs of templates: {@link #SCORES}, and each template without a face that pairs
 * name as one of {@link #REJECTS}. The features of all templates are in the memory of every worker
 * (IJB-C with 512 values: 47 MB).
 */
public final class ScoreTemplates
    extends PTransform<PCollection<TemplatePairsRow>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** One row a block. */
  public static final TupleTag<TemplateScoresRow> SCORES = new TupleTag<>("scores") {};

  /** Templates that cannot be scored. */
  public static final TupleTag<RejectRow> REJECTS = new TupleTag<>("rejects") {};

  /** Reason of a template none of whose faces could be embedded. */
  public static final String REASON = "template-without-face";

  private static final TupleTag<KV<String, Long>> MISSING = new TupleTag<>("missing") {};

  private final String model;
  private final transient PCollection<TemplateFeatureRow> features;

  private ScoreTemplates(String model, PCollection<TemplateFeatureRow> features) {
    this.model = model;
    this.features = features;
  }

  /**
   * Scores with one model's features.
   *
   * @param model its name in the rows
   */
  public static ScoreTemplates with(String model, PCollection<TemplateFeatureRow> features) {
    return new ScoreTemplates(model, features);
  }

  @Override
  public PCollectionTuple expand(PCollection<TemplatePairsRow> pairs) {
    PCollectionView<Iterable<TemplateFeatureRow>> view =
        features.apply("AllFeatures", View.asIterable());
    PCollectionTuple scored =
        pairs
            .apply("SpreadBlocks", Reshuffle.viaRandomKey())
            .apply(
                "Score",
                ParDo.of(new ScoreFn(model, view))
                    .withSideInputs(view)
                    .withOutputTags(SCORES, TupleTagList.of(MISSING)));
    PCollection<RejectRow> rejects =
        scored
            .get(MISSING)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), VarLongCoder.of()))
            .apply("CountPairs", Sum.longsPerKey())
            .apply("Rejects", ParDo.of(new RejectFn()));
    return PCollectionTuple.of(SCORES, scored.get(SCORES)).and(REJECTS, rejects);
  }

  /**
   * Scores one block.
   *
   * @param missing receives how many pairs each template without a face takes with it
   */
  public static TemplateScoresRow score(
      String model, TemplatePairsRow pairs, TemplateFeatures features, Map<Integer, Long> missing) {
    return TemplateScores.score(model, pairs, features, missing);
  }

  private static final class ScoreFn extends DoFn<TemplatePairsRow, TemplateScoresRow> {
    private static final long serialVersionUID = 1L;

    private final String model;
    private final PCollectionView<Iterable<TemplateFeatureRow>> view;
    private transient Map<String, TemplateFeatures> bySet;

    ScoreFn(String model, PCollectionView<Iterable<TemplateFeatureRow>> view) {
      this.model = model;
      this.view = view;
    }

    @StartBundle
    public void begin() {
      bySet = null;
    }

    @ProcessElement
    public void score(ProcessContext context, MultiOutputReceiver out) {
      TemplatePairsRow pairs = context.element();
      if (bySet == null) {
        bySet = bySet(context.sideInput(view));
      }
      TemplateFeatures features = bySet.getOrDefault(pairs.set(), TemplateFeatures.of(Map.of()));
      Map<Integer, Long> missing = new HashMap<>();
      out.get(SCORES).output(TemplateScores.score(model, pairs, features, missing));
      missing.forEach(
          (template, count) ->
              out.get(MISSING).output(KV.of(pairs.set() + "\n" + template, count)));
    }

    private static Map<String, TemplateFeatures> bySet(Iterable<TemplateFeatureRow> rows) {
      Map<String, Map<Integer, float[]>> values = new HashMap<>();
      for (TemplateFeatureRow row : rows) {
        values.computeIfAbsent(row.set(), set -> new HashMap<>()).put(row.template(), row.values());
      }
      Map<String, TemplateFeatures> features = new HashMap<>();
      values.forEach((set, templates) -> features.put(set, TemplateFeatures.of(templates)));
      return features;
    }
  }

  private static final class RejectFn extends DoFn<KV<String, Long>, RejectRow> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void reject(@Element KV<String, Long> missing, OutputReceiver<RejectRow> out) {
      String[] key = missing.getKey().split("\n", 2);
      out.output(ScoreTemplates.reject(key[0], Integer.parseInt(key[1]), missing.getValue()));
    }
  }

  /** The dead letter of a template. */
  static RejectRow reject(String set, int template, long pairs) {
    return new RejectRow(
        "evaluate",
        set,
        "template " + template,
        "",
        REASON,
        "none of its faces could be used, so %d pairs are left out; see the rejects of ingest and align"
            .formatted(pairs));
  }
}
