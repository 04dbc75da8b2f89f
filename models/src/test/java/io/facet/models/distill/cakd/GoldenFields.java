package io.facet.models.distill.cakd;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Golden cases of the area {@code urfm}: distances, buckets, the field and its attention. */
@AutoService(GoldenArea.class)
public final class GoldenFields implements GoldenArea {
  private static final Map<String, String> FIELD =
      Map.of(
          "queries", "q",
          "positions", "P",
          "query", "Wq",
          "key", "Wk",
          "value", "Wv",
          "output", "Wo");
  private static final Map<String, String> ATTENTION =
      Map.of("query", "Mq", "key", "Mk", "value", "Mv", "output", "Mo");

  @Override
  public String area() {
    return "urfm";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("BUCKET", "PIF", "RD", "SD", "URFM", "URFM_ONLY").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    switch (golden.method()) {
      case "PIF" -> checkIndex(golden);
      case "RD" -> checkRelative(golden);
      case "BUCKET" -> checkBuckets(golden);
      case "SD" -> checkSaliency(golden);
      case "URFM_ONLY" -> checkField(golden);
      case "URFM" -> checkBranches(golden);
      default -> throw new AssertionError(golden.method());
    }
  }

  private static void checkIndex(GoldenCase golden) {
    PiecewiseIndex index = index(golden, "gamma");
    float[] x = golden.floats("x").values();
    golden.assertEqual(
        "index", IntStream.range(0, x.length).mapToLong(i -> index.index(x[i])).toArray());
  }

  private static PiecewiseIndex index(GoldenCase golden, String far) {
    return new PiecewiseIndex(
        golden.number("alpha"),
        golden.number("beta"),
        golden.number(far),
        golden.param("roundFirst").asBoolean());
  }

  private static void checkRelative(GoldenCase golden) {
    int side = golden.param("side").asInt();
    double[] cells = FacialDistances.cells(side);
    double[] points = FacialDistances.keyPoints(side);
    double x = golden.number("anchorU");
    double y = golden.number("anchorV");
    golden.assertClose("keyPoints", points);
    golden.assertClose("rd", FacialDistances.relative(cells, x, y, points));
    golden.assertClose("euclidean", FacialDistances.euclidean(cells, x, y));
  }

  private static void checkBuckets(GoldenCase golden) {
    int side = golden.param("side").asInt();
    double[] cells = FacialDistances.cells(side);
    double x = golden.number("anchorU");
    double y = golden.number("anchorV");
    double[] near = FacialDistances.euclidean(cells, x, y);
    double[] facial =
        switch (golden.param("faceDistance").asText()) {
          case "RD" -> FacialDistances.relative(cells, x, y, FacialDistances.keyPoints(side));
          case "NONE" -> new double[near.length];
          default -> throw new AssertionError(golden.param("faceDistance"));
        };
    PiecewiseIndex index = index(golden, "gammaPif");
    double gamma = golden.number("gamma");
    golden.assertEqual(
        "bucket",
        IntStream.range(0, near.length)
            .mapToLong(i -> index.index(near[i] + gamma * facial[i]))
            .toArray());
  }

  private static void checkSaliency(GoldenCase golden) {
    golden.assertClose(
        "sd",
        FacialDistances.saliency(
            golden.floats("saliency").values(),
            golden.param("side").asInt(),
            golden.param("anchorIndex").asInt()));
  }

  private static void checkField(GoldenCase golden) {
    try (NDManager manager = Torch.newManager();
        UnifiedReceptiveField field = field(golden, manager);
        TensorScope scope = TensorScope.training(manager, field)) {
      NDArray features = golden.array(scope.manager(), "f");
      boolean single = features.getShape().dimension() == 2;
      NDArray h = field.forward(single ? features.expandDims(0) : features, rows(golden, "bucket"));
      golden.assertClose("h", h);
    }
  }

  private static void checkBranches(GoldenCase golden) {
    int width = golden.param("d").asInt();
    try (NDManager manager = Torch.newManager();
        UnifiedReceptiveField field = field(golden, manager);
        LocalAttention attention = new LocalAttention(width, golden.param("heads").asInt())) {
      attention.load(manager, values(golden, ATTENTION));
      try (TensorScope scope = TensorScope.training(manager, field, attention)) {
        NDArray fs = golden.array(scope.manager(), "fS");
        NDArray ft = golden.array(scope.manager(), "fT");
        fs.setRequiresGradient(true);
        ft.setRequiresGradient(true);
        NDArray hs = field.forward(fs, rows(golden, "bucketS"));
        NDArray ht = field.forward(ft, rows(golden, "bucketT"));
        LocalAttention.Attended student = attention.forward(hs);
        LocalAttention.Attended teacher = attention.forward(ht);
        golden.assertClose("hS", hs);
        golden.assertClose("hT", ht);
        golden.assertClose("AS", student.maps());
        golden.assertClose("AT", teacher.maps());
        golden.assertClose("oS", student.outputs());
        golden.assertClose("oT", teacher.outputs());
        if (option(golden, "aptGradient", "BOTH").equals("STUDENT_ONLY")) {
          teacher = teacher.constant();
        }
        NDArray ofAttention = teacher.attentionLoss(student);
        NDArray ofFeatures = teacher.featureLoss(student);
        NDArray loss =
            ofAttention
                .mul((float) golden.number("lamA"))
                .add(ofFeatures.mul((float) golden.number("lamF")));
        golden.assertClose("loss_attn", ofAttention);
        golden.assertClose("loss_feat", ofFeatures);
        golden.assertClose("loss", loss);
        scope.backward(loss);
        assertGradient(golden, "fS", fs);
        assertGradient(golden, "fT", ft);
        assertGradients(golden, FIELD, field);
        assertGradients(golden, ATTENTION, attention);
      }
    }
  }

  private static void assertGradients(GoldenCase golden, Map<String, String> names, Layer layer) {
    layer
        .weights()
        .forEach((name, weight) -> assertGradient(golden, names.get(name), weight.array()));
  }

  private static void assertGradient(GoldenCase golden, String name, NDArray array) {
    if (golden.expects("grad_" + name)) {
      assertThat(array.hasGradient()).as("gradient of " + name).isTrue();
      golden.assertClose("grad_" + name, array.getGradient());
    }
  }

  private static UnifiedReceptiveField field(GoldenCase golden, NDManager manager) {
    ai.djl.ndarray.types.Shape queries = golden.floats("q").shape();
    UnifiedReceptiveField field =
        new UnifiedReceptiveField(
            (int) queries.get(0),
            (int) queries.get(1),
            golden.param("heads").asInt(),
            (int) golden.floats("P").shape().get(0),
            0,
            PositionPlacement.valueOf(option(golden, "pePlacement", "QUERY")));
    field.load(manager, values(golden, FIELD));
    return field;
  }

  private static String option(GoldenCase golden, String name, String absent) {
    return golden.hasParam(name)
        ? golden.param(name).asText().toUpperCase(Locale.ROOT).replace('-', '_')
        : absent;
  }

  private static Map<String, float[]> values(GoldenCase golden, Map<String, String> names) {
    Map<String, float[]> values = new HashMap<>();
    names.forEach((weight, input) -> values.put(weight, golden.floats(input).values()));
    return values;
  }

  private static int[] rows(GoldenCase golden, String input) {
    return java.util.Arrays.stream(golden.longs(input).values()).mapToInt(v -> (int) v).toArray();
  }
}
