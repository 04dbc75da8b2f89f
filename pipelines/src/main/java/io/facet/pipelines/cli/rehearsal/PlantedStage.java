package io.facet.pipelines.cli.rehearsal;

import io.facet.pipelines.plan.PlanContext;
import io.facet.pipelines.plan.Stage;
import io.facet.pipelines.plan.StageContext;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.plan.StageResult;
import java.io.IOException;
import java.util.List;

/** A stage with something planted, for simulated nights. */
final class PlantedStage implements Stage {
  private final Stage stage;
  private final Planted atPlanning;
  private final Planted whenRun;

  /** What happens besides. */
  interface Planted {
    /** Lets it happen. */
    void happen() throws IOException;
  }

  private PlantedStage(Stage stage, Planted atPlanning, Planted whenRun) {
    this.stage = stage;
    this.atPlanning = atPlanning;
    this.whenRun = whenRun;
  }

  /** Something happens each time the stage is planned, under the night's lock. */
  static List<Stage> whenPlanned(List<Stage> stages, String name, Planted planted) {
    return planting(stages, name, planted, () -> {});
  }

  /** Something happens each time the stage has written and is not committed yet. */
  static List<Stage> whenWritten(List<Stage> stages, String name, Planted planted) {
    return planting(stages, name, () -> {}, planted);
  }

  private static List<Stage> planting(
      List<Stage> stages, String name, Planted atPlanning, Planted whenRun) {
    return stages.stream()
        .map(
            stage ->
                stage.name().equals(name)
                    ? (Stage) new PlantedStage(stage, atPlanning, whenRun)
                    : stage)
        .toList();
  }

  @Override
  public String name() {
    return stage.name();
  }

  @Override
  public int formatVersion() {
    return stage.formatVersion();
  }

  @Override
  public List<StageInstance> instances(PlanContext context) throws IOException {
    atPlanning.happen();
    return stage.instances(context);
  }

  @Override
  public StageResult run(StageContext context) throws Exception {
    StageResult result = stage.run(context);
    whenRun.happen();
    return result;
  }
}
