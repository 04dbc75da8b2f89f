package io.facet.transforms.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.facet.models.DataException;
import io.facet.models.option.RecordBinder;
import io.facet.models.protocol.IjbTemplates;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.models.protocol.TemplateFeatures;
import io.facet.models.protocol.TemplatePairs;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.row.TemplateFeatureRow;
import io.facet.transforms.row.TemplatePairsRow;
import io.facet.transforms.row.TemplateRow;
import io.facet.transforms.row.TemplateScoresRow;
import io.facet.transforms.row.TemplateSubjectRow;
import io.facet.transforms.testing.Pipelines;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.junit.jupiter.api.Test;

class TemplatesTest {
  private static final VerificationMetrics.Subject SUBJECT =
      new VerificationMetrics.Subject("student", "student", "none", 1, true);
  private static final VerificationMetrics.Options OPTIONS =
      new VerificationMetrics.Options(0.95, 200, 5, List.of(), ResamplingUnit.IDENTITY);
  private static final TemplateOptions ASKED =
      RecordBinder.bind(TemplateOptions.class, JsonNodeFactory.instance.objectNode());

  private static String image(int number) {
    return Integer.toHexString(number).repeat(64).substring(0, 64);
  }

  private static EmbeddingRow embedding(int image, float... values) {
    return new EmbeddingRow("student", FaceId.of(image(image), 0, "0123456789abcdef"), values);
  }

  @Test
  void facesBecomeTemplatesAndTemplatesWithoutAFaceDeadLetters() {
    List<TemplateRow> faces =
        List.of(
            new TemplateRow("set", 0, 4, 7, 1, image(1)),
            new TemplateRow("set", 1, 4, 7, 1, image(2)),
            new TemplateRow("set", 2, 4, 9, 0.5f, image(3)),
            new TemplateRow("set", 3, 5, 9, 1, image(3)),
            new TemplateRow("set", 4, 6, 9, 1, image(4)));
    List<EmbeddingRow> embeddings =
        List.of(embedding(1, 3, 0), embedding(2, 1, 0), embedding(3, 0, 2));
    TemplatePairs pairs =
        new TemplatePairs(
            new int[] {4, 4, 6}, new int[] {5, 6, 5}, new boolean[] {false, true, true});
    Pipelines.run(
        pipeline -> {
          PCollection<TemplateFeatureRow> features =
              pipeline
                  .apply("Faces", Create.of(faces).withCoder(RecordCoder.of(TemplateRow.class)))
                  .apply(
                      MakeTemplates.with(
                          "student",
                          IjbTemplates.Options.STANDARD,
                          pipeline.apply(
                              "Embeddings",
                              Create.of(embeddings)
                                  .withCoder(RecordCoder.of(EmbeddingRow.class)))));
          PCollectionTuple scored =
              pipeline
                  .apply(
                      "Pairs",
                      Create.of(TemplatePairsRow.of("set", pairs))
                          .withCoder(RecordCoder.of(TemplatePairsRow.class)))
                  .apply(ScoreTemplates.with("student", features));
          PAssert.that(scored.get(ScoreTemplates.SCORES))
              .satisfies(
                  rows -> {
                    TemplateScoresRow block = rows.iterator().next();
                    assertThat(block.left()).containsExactly(4);
                    assertThat(block.right()).containsExactly(5);
                    assertThat(block.scores())
                        .containsExactly(new float[] {0.447214f}, within(1e-6f));
                    return null;
                  });
          PAssert.that(scored.get(ScoreTemplates.REJECTS))
              .satisfies(
                  rejects -> {
                    assertThat(rejects)
                        .singleElement()
                        .satisfies(
                            reject -> {
                              assertThat(reject.name()).isEqualTo("template 6");
                              assertThat(reject.detail()).contains("so 2 pairs are left out");
                            });
                    return null;
                  });
        });
  }

  /** Thirty people of four templates each, and all pairs of templates in blocks of five hundred. */
  private static final class Drawn {
    private final Map<Integer, float[]> features = new HashMap<>();
    private final List<TemplateScoresRow> blocks = new ArrayList<>();
    private final List<TemplateSubjectRow> subjects = new ArrayList<>();

    Drawn(double noise) {
      SplittableRandom random = new SplittableRandom(11);
      TemplatePairs.Builder pairs = new TemplatePairs.Builder();
      for (int template = 0; template < 120; template++) {
        SplittableRandom person = new SplittableRandom(template / 4);
        float[] values = new float[16];
        double norm = 0;
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (person.nextGaussian() + noise * random.nextGaussian());
          norm += values[i] * values[i];
        }
        for (int i = 0; i < values.length; i++) {
          values[i] /= (float) Math.sqrt(norm);
        }
        features.put(template, values);
        for (int other = 0; other < template; other++) {
          pairs.add(other, template, other / 4 == template / 4);
        }
        String gallery = template % 4 > 0 ? "" : template / 4 < 15 ? "G1" : "G2";
        subjects.add(new TemplateSubjectRow("set", gallery, template, template, template / 4));
      }
      TemplateFeatures all = TemplateFeatures.of(features);
      TemplatePairs listed = pairs.build();
      for (int first = 0; first < listed.size(); first += 500) {
        int end = Math.min(first + 500, listed.size());
        TemplatePairsRow whole =
            TemplatePairsRow.of(
                    "set",
                    new TemplatePairs(
                        Arrays.copyOfRange(listed.left(), first, end),
                        Arrays.copyOfRange(listed.right(), first, end),
                        Arrays.copyOfRange(listed.same(), first, end)))
                .get(0);
        TemplatePairsRow block =
            new TemplatePairsRow("set", first, whole.left(), whole.right(), whole.same());
        blocks.add(0, ScoreTemplates.score("student", block, all, new HashMap<>()));
      }
    }

    Map<String, MetricRow> figures(TemplateOptions asked) {
      return TemplateMetrics.measure(
              SUBJECT, "set", blocks, TemplateFeatures.of(features), subjects, asked, OPTIONS)
          .stream()
          .collect(Collectors.toMap(MetricRow::name, Function.identity()));
    }
  }

  @Test
  void figuresHaveTheirProtocolAndAnInterval() {
    Map<String, MetricRow> figures = new Drawn(0.8).figures(ASKED);
    MetricRow rate = figures.get("tar-at-far-1e-02");
    assertThat(rate.protocol())
        .isEqualTo("ijb-1to1-v1+tar-at-far-nearest-v1+flip+bootstrap-identity-v1");
    assertThat(rate.value()).isBetween(0.3, 0.99).isBetween(rate.low(), rate.high());
    assertThat(rate.high() - rate.low()).isBetween(0.01, 0.4);
    assertThat(figures.get("template-pairs").value()).isEqualTo(7140);
    MetricRow rank = figures.get("rank-1");
    assertThat(rank.protocol()).isEqualTo("one-to-n-v1+flip+bootstrap-identity-v1");
    assertThat(rank.value()).isBetween(rank.low(), rank.high());
    assertThat(figures.get("rank-5").value()).isGreaterThanOrEqualTo(rank.value());
    assertThat(figures.get("mated-probes").value()).isEqualTo(90);
    assertThat(figures.get("non-mated-probes").value()).isEqualTo(45);
    MetricRow found = figures.get("tpir-at-fpir-1e-01");
    assertThat(found.value())
        .isBetween(found.low(), found.high())
        .isLessThanOrEqualTo(rank.value());
  }

  @Test
  void ratesWithoutEnoughPairsOrProbesAreAbsentWithTheirReason() {
    Map<String, MetricRow> figures = new Drawn(0.8).figures(ASKED);
    assertThat(figures).doesNotContainKeys("tar-at-far-1e-04", "tpir-at-fpir-1e-02");
    assertThat(TemplateMetrics.absent(List.copyOf(figures.values()), ASKED))
        .containsOnlyKeys(
            "set/tar-at-far-1e-06",
            "set/tar-at-far-1e-05",
            "set/tar-at-far-1e-04",
            "set/tpir-at-fpir-1e-02")
        .containsEntry("set/tpir-at-fpir-1e-02", "needs 100 non-mated probes, the set has 45");
  }

  @Test
  void theProtocolTellsWhatIsNotAsPublished() {
    TemplateOptions other =
        new TemplateOptions(false, false, ASKED.rule(), List.of(0.01), List.of(1), List.of(0.1));
    assertThat(new Drawn(0.8).figures(other).get("rank-1").protocol())
        .isEqualTo("one-to-n-v1+normalised+no-detector-score+flip+bootstrap-identity-v1");
  }

  @Test
  void aSetOfOneKindOfPairIsRefusedByItsName() {
    Drawn drawn = new Drawn(0.8);
    drawn.blocks.removeIf(block -> block.first() > 0);
    TemplateScoresRow block = drawn.blocks.remove(0);
    drawn.blocks.add(
        new TemplateScoresRow(
            "student",
            "set",
            0,
            block.left(),
            block.right(),
            new byte[block.same().length],
            block.scores()));
    assertThatThrownBy(() -> drawn.figures(ASKED))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "set: the verification set has 0 same and 500 different pairs; it needs both kinds");
  }
}
