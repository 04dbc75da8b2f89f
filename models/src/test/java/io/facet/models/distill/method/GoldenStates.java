package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.part.AdapterOptions;
import io.facet.models.golden.GoldenArea;
import io.facet.models.golden.GoldenCase;
import io.facet.models.head.MarginHead;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.tensor.TorchOps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Golden cases of methods that keep a queue, thresholds or centres from step to step. */
@AutoService(GoldenArea.class)
public final class GoldenStates implements GoldenArea {
  @Override
  public String area() {
    return "losses";
  }

  @Override
  public boolean knows(String method) {
    return Set.of("QUD", "EKD", "ADADISTILL").contains(method);
  }

  @Override
  public void check(GoldenCase golden) {
    try (NDManager manager = Torch.newManager()) {
      if (golden.expectsError()) {
        golden.assertRefused(() -> run(golden, manager));
      } else {
        run(golden, manager);
      }
    }
  }

  private static void run(GoldenCase golden, NDManager manager) {
    switch (golden.method()) {
      case "QUD" -> queue(golden, manager);
      case "EKD" -> thresholds(golden, manager);
      default -> centres(golden, manager);
    }
  }

  private static void queue(GoldenCase golden, NDManager manager) {
    int size = golden.param("queueSize").asInt();
    Qud.Options options = new Qud.Options(1, golden.number("tau"), size, 0, AdapterOptions.DEFAULT);
    try (MethodSession session =
        new Qud().open(options, GoldenSession.setup(golden, manager, 2, 2))) {
      GoldenSession.begin(
          session, manager, Map.of("queue.column0", golden.floats("queue").values()));
      int pointer = golden.hasParam("queuePointer") ? golden.param("queuePointer").asInt() : 0;
      session.restore(Map.of("taken", new double[] {size + pointer}));
      GoldenSession.run(
          golden,
          manager,
          session,
          step -> {
            if (golden.expects("queue_after" + step)) {
              golden.assertClose("queue_after" + step, session.save().get("queue.column0"));
            }
          });
    }
  }

  private static void thresholds(GoldenCase golden, NDManager manager) {
    List<Double> anchors = new ArrayList<>();
    for (JsonNode anchor : golden.param("anchors")) {
      anchors.add(anchor.asDouble());
    }
    Ekd.Options options =
        new Ekd.Options(
            golden.number("wPos"),
            golden.number("wNeg"),
            golden.param("topk").asInt(),
            anchors,
            golden.number("temperature"),
            golden.number("emaNew"),
            golden.hasParam("emaDebias") && golden.param("emaDebias").asBoolean(),
            1);
    try (MethodSession session =
        new Ekd().open(options, GoldenSession.setup(golden, manager, 2, 2))) {
      session.initialise(manager, 1);
      GoldenSession.run(
          golden,
          manager,
          session,
          step -> {
            assertThresholds(golden, "thS_after" + step, session.state().get("studentThresholds"));
            assertThresholds(golden, "thT_after" + step, session.state().get("teacherThresholds"));
          });
    }
  }

  private static void assertThresholds(GoldenCase golden, String name, double[] state) {
    if (golden.expects(name)) {
      golden.assertClose(name, Arrays.copyOf(state, state.length - 1));
    }
  }

  private static void centres(GoldenCase golden, NDManager manager) {
    AdaDistill.Alpha alpha = AdaDistill.Alpha.valueOf(golden.param("alpha").asText());
    Selected<MarginHead<?>> unused = RecordBinder.select(MarginHead.class, "arcface");
    AdaDistill.Options options =
        new AdaDistill.Options(
            unused, alpha, AdaDistill.Duplicates.LAST, 1, 0, AdapterOptions.DEFAULT);
    int classes = (int) golden.floats("w").shape().get(0);
    if (golden.expects("alpha")) {
      assertShare(golden, manager, alpha);
    }
    try (MethodSession session =
        new AdaDistill.Session(
            options,
            GoldenFrozenHeads.head(golden),
            GoldenSession.setup(golden, manager, classes, 2))) {
      GoldenSession.begin(session, manager, Map.of("centres", golden.floats("w").values()));
      GoldenSession.run(
          golden,
          manager,
          session,
          step -> {
            if (golden.expects("w_after" + step)) {
              golden.assertClose("w_after" + step, session.save().get("centres"));
            }
          });
    }
  }

  private static void assertShare(GoldenCase golden, NDManager manager, AdaDistill.Alpha alpha) {
    try (TensorScope scope = TensorScope.inference(manager)) {
      NDArray labels = golden.array(scope.manager(), "y1");
      NDArray old = TorchOps.rows(golden.array(scope.manager(), "w"), labels);
      golden.assertClose(
          "alpha",
          AdaDistill.share(
              golden.array(scope.manager(), "s1"),
              golden.array(scope.manager(), "t1"),
              old,
              alpha));
    }
  }
}
