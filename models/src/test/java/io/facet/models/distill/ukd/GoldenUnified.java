package io.facet.models.distill.ukd;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.head.ArcFace;
import io.facet.models.head.ArcFaceOptions;
import io.facet.models.head.GoldenHeads;
import io.facet.models.head.IdentityHead;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import java.util.Locale;
import java.util.Set;

/** Golden cases of ILED, RPSD and both: values, gradients and state, step by step. */
@AutoService(GoldenArea.class)
public final class GoldenUnified implements GoldenArea {
  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("ILED", "RPSD", "UKD").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager base = Torch.newManager();
        TensorScope scope = TensorScope.training(base)) {
      if (golden.expectsError()) {
        golden.assertRefused(() -> run(golden, scope));
      } else {
        run(golden, scope);
      }
    }
  }

  private static void run(GoldenCase golden, TensorScope scope) {
    switch (golden.method()) {
      case "ILED" -> individual(golden, scope);
      case "RPSD" -> pairs(golden, scope);
      default -> both(golden, scope);
    }
  }

  private static void individual(GoldenCase golden, TensorScope scope) {
    IndividualErrors errors = individual(golden, scope.manager());
    for (int step = 1; step <= golden.param("steps").asInt(); step++) {
      NDArray student = student(golden, scope, "s" + step);
      NDArray teacher = golden.array(scope.manager(), "t" + step);
      double rho = golden.hasParam("rho") ? rho(golden.param("rho"), step) : 1;
      NDArray loss = errors.loss(student, teacher, rho);
      scope.backward(loss);
      golden.assertClose("loss" + step, loss);
      golden.assertClose("grad_s" + step, student.getGradient());
      if (golden.expects("m_after" + step)) {
        golden.assertClose("m_after" + step, errors.threshold().orElseThrow());
      }
    }
  }

  private static double rho(JsonNode given, int step) {
    return given.isArray() ? given.get(step - 1).asDouble() : given.asDouble();
  }

  private static void pairs(GoldenCase golden, TensorScope scope) {
    PairSimilarities pairs = pairs(golden, scope, golden.param("capacity").asInt(), "s1", "t1");
    for (int step = 1; step <= golden.param("steps").asInt(); step++) {
      NDArray student = student(golden, scope, "s" + step);
      NDArray teacher = golden.array(scope.manager(), "t" + step);
      NDArray labels = labels(golden, scope, "y" + step, student);
      NDArray loss = pairs.loss(student, teacher, labels, images(student, step));
      scope.backward(loss);
      golden.assertClose("loss" + step, loss);
      golden.assertClose("grad_s" + step, student.getGradient());
      try (TensorScope after = TensorScope.inference(scope.manager())) {
        pairs.remember(student, teacher, labels, images(student, step));
        golden.assertClose("Ms_after" + step, pairs.bank().rows(0));
        golden.assertClose("Mt_after" + step, pairs.bank().rows(1));
      }
    }
  }

  private static void both(GoldenCase golden, TensorScope scope) {
    NDArray student = student(golden, scope, "s");
    NDArray classes = student(golden, scope, "W");
    NDArray teacher = golden.array(scope.manager(), "t");
    NDArray labels = golden.array(scope.manager(), "y");
    ArcFaceOptions head =
        new ArcFaceOptions(
            golden.number("m"),
            golden.number("s"),
            GoldenHeads.variant(golden.param("arcVariant").asText()),
            false);
    NDArray arc =
        TorchOps.crossEntropy(
            IdentityHead.logits(new ArcFace().open(head), student, classes, labels), labels);
    NDArray iled = individual(golden, student.getManager()).loss(student, teacher, 1);
    int capacity =
        golden.hasInput("Ms") ? Math.max(1, (int) golden.floats("Ms").shape().get(0)) : 1;
    NDArray rpsd =
        pairs(golden, scope, capacity, "s", "t").loss(student, teacher, labels, images(student, 1));
    NDArray loss =
        arc.mul((float) golden.number("lamC"))
            .add(iled.mul((float) golden.number("lamI")))
            .add(rpsd.mul((float) golden.number("lamR")));
    scope.backward(loss);
    golden.assertClose("loss_arc", arc);
    golden.assertClose("loss_iled", iled);
    golden.assertClose("loss_rpsd", rpsd);
    golden.assertClose("loss", loss);
    golden.assertClose("grad_s", student.getGradient());
    golden.assertClose("grad_W", classes.getGradient());
  }

  private static NDArray student(GoldenCase golden, TensorScope scope, String name) {
    NDArray array = golden.array(scope.manager(), name);
    array.setRequiresGradient(true);
    return array;
  }

  private static NDArray labels(GoldenCase golden, TensorScope scope, String name, NDArray rows) {
    return golden.hasInput(name)
        ? golden.array(scope.manager(), name)
        : scope.manager().zeros(new Shape(rows.getShape().get(0)), DataType.INT64);
  }

  /** Each step, and the bank before the first, is of images of its own. */
  private static NDArray images(NDArray rows, int step) {
    int first = 10_000 * step;
    int count = (int) rows.getShape().get(0);
    return rows.getManager().arange(first, first + count, 1, DataType.INT64);
  }

  private static IndividualErrors individual(GoldenCase golden, NDManager manager) {
    boolean starts = golden.hasParam("initialM") && !golden.param("initialM").isNull();
    IndividualErrors errors =
        new IndividualErrors(
            new IledOptions(
                option(golden, "hardMining", HardMining.class),
                golden.hasParam("kappa") ? golden.number("kappa") : 1,
                golden.hasParam("momentum") ? golden.number("momentum") : 0.99,
                1,
                0.5),
            manager,
            Device.cpu());
    if (starts) {
      errors.restore(golden.number("initialM"));
    }
    return errors;
  }

  /** With the bank the case begins with. */
  private static PairSimilarities pairs(
      GoldenCase golden, TensorScope scope, int capacity, String student, String teacher) {
    PairSimilarities pairs =
        new PairSimilarities(
            new RpsdOptions(
                option(golden, "mining", PairMining.class),
                option(golden, "bankSpace", BankSpace.class),
                golden.param("k").asInt(),
                capacity,
                0,
                SameIdentity.KEEP),
            (int) golden.floats(student).shape().get(1),
            (int) golden.floats(teacher).shape().get(1));
    pairs.initialise(scope.manager(), 1);
    if (golden.hasInput("Ms")) {
      NDArray students = golden.array(scope.manager(), "Ms");
      pairs
          .bank()
          .add(
              images(students, 0),
              students,
              golden.array(scope.manager(), "Mt"),
              labels(golden, scope, "yBank", students)
                  .toType(DataType.FLOAT32, false)
                  .expandDims(1));
    }
    if (golden.hasParam("filled")) {
      int filled = golden.param("filled").asInt();
      int pointer = golden.param("pointer").asInt();
      pairs.restore(filled < capacity ? filled : capacity + pointer, 1);
    }
    return pairs;
  }

  private static <E extends Enum<E>> E option(GoldenCase golden, String name, Class<E> type) {
    return Enum.valueOf(type, golden.param(name).asText().toUpperCase(Locale.ROOT));
  }
}
