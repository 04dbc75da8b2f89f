package io.facet.pipelines.doctor;

import io.facet.pipelines.flink.ClusterFit;
import io.facet.pipelines.flink.FlinkCluster;
import io.facet.pipelines.flink.JobJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Flink that answers and has the version the job jar was made for.
 *
 * @param cluster the one asked about
 * @param ours version of Flink in this build
 */
public record FlinkCheck(FlinkCluster cluster, String ours) implements Check {
  @Override
  public String name() {
    return "flink";
  }

  @Override
  public String look() throws IOException {
    FlinkCluster.Overview overview = cluster.overview();
    ClusterFit.checkVersion(cluster, overview, ours);
    Path jar = JobJar.locate();
    return "%s at %s, job jar %s (%d MB)"
        .formatted(overview.version(), cluster.address(), jar, Files.size(jar) >> 20);
  }

  @Override
  public String cure() {
    return "'./infra/flink/cluster up' starts the right one on this machine";
  }
}
