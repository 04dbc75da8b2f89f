package io.facet.pipelines.run;

import io.facet.pipelines.artifact.Attempts;
import io.facet.pipelines.flink.FlinkCluster;
import io.facet.pipelines.flink.JobGuard;
import io.facet.pipelines.flink.JobName;
import io.facet.transforms.attempt.AttemptFolder;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Flink jobs that go on without their driver. They are known by the attempt they write to, which
 * their names end with.
 */
final class OrphanJobs {
  private OrphanJobs() {}

  /**
   * Cancels the jobs of a run whose driver is dead, and waits until they have ended.
   *
   * @throws io.facet.pipelines.InfrastructureException if the cluster does not answer, or a job
   *     does not end
   */
  static void cancel(RunRecord run) throws IOException {
    if (!FlinkCluster.isAddress(run.flinkMaster())) {
      return;
    }
    Set<String> names = new HashSet<>();
    for (RunRecord.Instance instance : run.instances()) {
      if (instance.state() == RunRecord.InstanceState.RUNNING) {
        for (AttemptFolder attempt :
            Attempts.of(run.store(), instance.stage(), instance.fingerprint())) {
          names.add(JobName.of(run.recipe(), instance.name(), attempt.uri()));
        }
      }
    }
    JobGuard.cancel(FlinkCluster.at(run.flinkMaster()), names);
  }
}
