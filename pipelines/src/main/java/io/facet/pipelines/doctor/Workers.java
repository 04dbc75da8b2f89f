package io.facet.pipelines.doctor;

import io.facet.pipelines.flink.FlinkCluster;
import io.facet.pipelines.flink.WorkerProbe;
import java.io.IOException;

/** The workers of a cluster, asked once for all checks that are about them. */
public final class Workers {
  private final FlinkCluster cluster;
  private final String store;
  private WorkerProbe.Answers answers;

  /**
   * Nothing is asked yet.
   *
   * @param store folder of the store
   */
  public Workers(FlinkCluster cluster, String store) {
    this.cluster = cluster;
    this.store = store;
  }

  /** What they answered. */
  WorkerProbe.Answers answers() throws IOException {
    if (answers == null) {
      int free = Math.max(1, cluster.overview().freeSlots());
      answers = WorkerProbe.ask(cluster, free, store);
    }
    return answers;
  }
}
