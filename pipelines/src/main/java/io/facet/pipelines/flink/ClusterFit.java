package io.facet.pipelines.flink;

import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import java.util.Optional;

/** Whether a cluster can run our jobs, and how many tasks side by side. */
public final class ClusterFit {
  private ClusterFit() {}

  /**
   * The parallelism for a cluster.
   *
   * @param wanted if empty, what {@link FlinkCluster.Overview#parallelism} says
   * @param ours version of Flink that the job jar was made for
   * @throws InfrastructureException if the cluster has another Flink or no worker
   * @throws RecipeException if more is wanted than the cluster has
   */
  public static int parallelism(FlinkCluster cluster, Optional<Integer> wanted, String ours) {
    FlinkCluster.Overview overview = cluster.overview();
    checkVersion(cluster, overview, ours);
    if (overview.slots() == 0) {
      throw new InfrastructureException(
          "Flink at %s has no TaskManager: './infra/flink/cluster up' starts what is missing"
              .formatted(cluster.address()));
    }
    if (wanted.isPresent() && wanted.get() > overview.slots()) {
      throw new RecipeException(
          "--parallelism: %d tasks want as many slots, and Flink at %s has %d"
              .formatted(wanted.get(), cluster.address(), overview.slots()));
    }
    return wanted.orElseGet(overview::parallelism);
  }

  /**
   * Bug-fix releases of one Flink version fit each other.
   *
   * @throws InfrastructureException if it is another version
   */
  public static void checkVersion(
      FlinkCluster cluster, FlinkCluster.Overview overview, String ours) {
    if (!release(overview.version()).equals(release(ours))) {
      throw new InfrastructureException(
          "Flink at %s is %s, and the job jar is made for %s: use a cluster of that version"
              .formatted(cluster.address(), overview.version(), ours));
    }
  }

  /** {@code 1.19} of {@code 1.19.3}. */
  private static String release(String version) {
    return version.replaceFirst("^(\\d+\\.\\d+)\\..*", "$1");
  }
}
