package io.facet.models.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.facet.models.format.Npy;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.models.protocol.IjbTemplates;
import io.facet.models.protocol.OneToN;
import io.facet.models.protocol.PairScores;
import io.facet.models.protocol.RocCurve;
import io.facet.models.protocol.TarAtFar;
import io.facet.models.protocol.TenFoldAccuracy;
import io.facet.models.protocol.ValAtFar;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Golden cases of the verification and identification protocols. */
@AutoService(GoldenArea.class)
public final class VerificationArea implements GoldenArea {
  private static final Set<String> METHODS =
      Set.of("LFW_PROTOCOL", "PAIR_DISTANCE", "TAR_AT_FAR", "IJB_TEMPLATES", "ONE_TO_N", "RANK1");

  @Override
  public String area() {
    return "verification";
  }

  @Override
  public boolean knows(String method) {
    return METHODS.contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    switch (golden.method()) {
      case "LFW_PROTOCOL" -> lfw(golden);
      case "PAIR_DISTANCE" -> pairDistance(golden);
      case "TAR_AT_FAR" -> tarAtFar(golden);
      case "IJB_TEMPLATES" -> ijbTemplates(golden);
      case "ONE_TO_N" -> oneToN(golden);
      case "RANK1" -> rankOne(golden);
      default -> throw new AssertionError("unknown method " + golden.method());
    }
  }

  private static void lfw(GoldenCase golden) {
    PairScores pairs =
        PairScores.ofSquaredDistances(numbers(golden, "dist"), flags(golden, "same"));
    int folds = (int) golden.number("folds");
    if (golden.expectsError()) {
      golden.assertRefused(() -> TenFoldAccuracy.measure(pairs, folds));
      golden.assertRefused(() -> ValAtFar.measure(pairs, folds, golden.number("farTarget")));
      return;
    }
    TenFoldAccuracy.Result result = TenFoldAccuracy.measure(pairs, folds);
    golden.assertClose("thresholds", result.thresholds());
    golden.assertClose("accuracies", result.accuracies());
    golden.assertClose("mean", result.mean());
    golden.assertClose("std", result.deviation());
    if (golden.expects("foldSizes")) {
      golden.assertEqual("foldSizes", Arrays.stream(result.foldSizes()).asLongStream().toArray());
    }
    if (golden.expects("val")) {
      ValAtFar.Result rates =
          ValAtFar.measure(pairs, folds, golden.number("farTarget")).orElseThrow();
      golden.assertClose("val", rates.validationRate());
      golden.assertClose("valStd", rates.deviation());
      golden.assertClose("far", rates.falseAcceptRate());
    }
  }

  private static void pairDistance(GoldenCase golden) {
    float[][] plain = rows(golden, "emb");
    boolean flip = golden.param("flip").asBoolean();
    float[][] mirrored = flip ? rows(golden, "embFlip") : plain;
    double[] distances =
        IntStream.range(0, plain.length / 2)
            .mapToDouble(
                p ->
                    EmbeddingMath.squaredDistance(
                        EmbeddingMath.fuse(plain[2 * p], mirrored[2 * p]),
                        EmbeddingMath.fuse(plain[2 * p + 1], mirrored[2 * p + 1])))
            .toArray();
    golden.assertClose("dist", distances);
  }

  private static void tarAtFar(GoldenCase golden) {
    PairScores pairs = PairScores.of(numbers(golden, "scores"), flags(golden, "labels"));
    if (golden.expectsError()) {
      golden.assertRefused(() -> RocCurve.of(pairs));
      return;
    }
    RocCurve curve = RocCurve.of(pairs);
    double[] targets = list(golden.param("far"));
    rates(golden, "tarNearest", curve, targets, TarAtFar.Rule.NEAREST);
    rates(golden, "tarNearestAllPoints", curve, targets, TarAtFar.Rule.NEAREST_ALL_POINTS);
    rates(golden, "tarStrict", curve, targets, TarAtFar.Rule.STRICT);
  }

  private static void rates(
      GoldenCase golden, String name, RocCurve curve, double[] targets, TarAtFar.Rule rule) {
    if (golden.expects(name)) {
      golden.assertClose(
          name, Arrays.stream(targets).map(t -> TarAtFar.measure(curve, t, rule)).toArray());
    }
  }

  private static void ijbTemplates(GoldenCase golden) {
    Optional<float[][]> mirrored =
        golden.param("flip").asBoolean() ? Optional.of(rows(golden, "embFlip")) : Optional.empty();
    IjbTemplates templates =
        IjbTemplates.of(
            rows(golden, "emb"),
            mirrored,
            golden.longs("template").values(),
            golden.longs("media").values(),
            numbers(golden, "detScore"),
            new IjbTemplates.Options(
                golden.param("keepNorm").asBoolean(), golden.param("detectorScore").asBoolean()));
    golden.assertEqual("templateIds", templates.ids());
    golden.assertClose(
        "templates",
        Arrays.stream(templates.ids())
            .mapToObj(templates::feature)
            .flatMapToDouble(f -> IntStream.range(0, f.length).mapToDouble(i -> f[i]))
            .toArray());
    if (golden.expects("pairScores")) {
      long[] left = golden.longs("p1").values();
      long[] right = golden.longs("p2").values();
      golden.assertClose(
          "pairScores",
          IntStream.range(0, left.length)
              .mapToDouble(i -> templates.score(left[i], right[i]))
              .toArray());
    }
  }

  private static void oneToN(GoldenCase golden) {
    OneToN.Result result =
        OneToN.search(
            rows(golden, "gallery"),
            golden.longs("galleryIds").values(),
            rows(golden, "probes"),
            golden.longs("probeIds").values(),
            Arrays.stream(list(golden.param("ranks"))).mapToInt(r -> (int) r).toArray(),
            list(golden.param("fpir")));
    golden.assertEqual("matedProbes", result.matedProbes());
    golden.assertEqual("rankHits", Arrays.stream(result.rankHits()).asLongStream().toArray());
    golden.assertClose("rankRates", result.rankRates());
    golden.assertClose("thresholds", result.thresholds());
    golden.assertClose("tpir", result.truePositiveRates());
  }

  private static void rankOne(GoldenCase golden) {
    List<String> names = golden.expectedNames();
    assertThat(names).hasSize(1);
    golden.assertClose(
        names.get(0),
        OneToN.rankOne(
            rows(golden, "gallery"),
            golden.longs("galleryIds").values(),
            rows(golden, "probes"),
            golden.longs("probeIds").values()));
  }

  private static float[][] rows(GoldenCase golden, String input) {
    Npy.Floats floats = golden.floats(input);
    int width = (int) floats.shape().get(1);
    return IntStream.range(0, (int) floats.shape().get(0))
        .mapToObj(r -> Arrays.copyOfRange(floats.values(), r * width, (r + 1) * width))
        .toArray(float[][]::new);
  }

  private static double[] numbers(GoldenCase golden, String input) {
    float[] values = golden.floats(input).values();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static boolean[] flags(GoldenCase golden, String input) {
    long[] values = golden.longs(input).values();
    boolean[] flags = new boolean[values.length];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = values[i] != 0;
    }
    return flags;
  }

  private static double[] list(JsonNode node) {
    double[] values = new double[node.size()];
    Arrays.setAll(values, i -> node.get(i).asDouble());
    return values;
  }
}
