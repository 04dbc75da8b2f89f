package io.facet.pipelines.doctor;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.flink.FlinkCluster;

/**
 * Free slots of a Flink cluster.
 *
 * @param cluster the one asked about
 */
public record SlotsCheck(FlinkCluster cluster) implements Check {
  @Override
  public String name() {
    return "slots";
  }

  @Override
  public String look() {
    FlinkCluster.Overview overview = cluster.overview();
    if (overview.freeSlots() == 0) {
      throw new InfrastructureException(
          "none of %d slots in %d TaskManagers is free"
              .formatted(overview.slots(), overview.taskManagers()));
    }
    return "%d of %d free, %d TaskManagers; a run would use %d side by side"
        .formatted(
            overview.freeSlots(),
            overview.slots(),
            overview.taskManagers(),
            overview.parallelism());
  }

  @Override
  public String cure() {
    return "'./infra/flink/cluster up --taskmanagers N' adds TaskManagers; or wait for the jobs that"
        + " run";
  }
}
