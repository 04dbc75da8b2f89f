package io.facet.pipelines.stage;

import io.facet.models.embed.FrozenModel;
import io.facet.models.embed.MultiplyAdds;
import io.facet.pipelines.leaderboard.EfficiencyTable;
import io.facet.pipelines.leaderboard.Leaderboard;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageResult;
import io.facet.transforms.publish.Latency;
import io.facet.transforms.publish.ResidentPeak;
import java.io.IOException;
import java.util.Optional;

/** What a model costs where it is deployed: time, size, arithmetic, memory. */
final class Efficiency {
  private static final int TWO = 2;

  private static final String NO_PEAK =
      "the peak of a process (VmHWM of /proc/self/status) is known on Linux alone";

  private Efficiency() {}

  /** Measures a model file or a frozen model and adds the figures to a result. */
  static void measure(byte[] model, String name, StageResult result) {
    Latency latency = Latency.of(model, name);
    Latency.Measured one = latency.measure();
    Latency.Measured two = latency.measure(TWO);
    result
        .metric(Leaderboard.LATENCY, one.median())
        .metric(EfficiencyTable.LATE, one.late())
        .metric(EfficiencyTable.TWO_THREADS, two.median())
        .metric(EfficiencyTable.TWO_THREADS_LATE, two.late())
        .note("latency", one.runtime());
    Optional<FrozenModel> program = latency.program();
    result.metric(
        EfficiencyTable.BYTES, program.map(known -> known.program().length).orElse(model.length));
    program
        .filter(known -> known.kind() == FrozenModel.Kind.ONNX)
        .ifPresent(
            known ->
                MultiplyAdds.of(known.program(), name, known.preprocessing())
                    .ifPresent(count -> result.metric(EfficiencyTable.MULTIPLY_ADDS, count)));
  }

  /**
   * Measures the memory of a model file or a frozen model and adds it to a result, or why it is
   * absent.
   */
  static void measureMemory(StageContext context, byte[] model, String name, StageResult result)
      throws IOException {
    if (ResidentPeak.bytes().isEmpty()) {
      result.note(EfficiencyTable.PEAK_MEMORY, "absent: " + NO_PEAK);
      context.warn("evaluate.memory: nothing is measured, " + NO_PEAK);
      return;
    }
    byte[] deployed = Latency.of(model, name).program().map(FrozenModel::bytes).orElse(model);
    PeakMemory.Measured measured = PeakMemory.measure(deployed, name);
    result
        .metric(EfficiencyTable.PEAK_MEMORY, measured.peak())
        .metric(EfficiencyTable.MODEL_MEMORY, measured.model());
  }
}
