package io.facet.pipelines.doctor;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.flink.WorkerReport;
import java.io.IOException;
import java.util.List;

/**
 * Libraries with native code on the workers: all there, and in Flink's {@code lib}, since the
 * second job that brings its own cannot load them.
 *
 * @param workers asked through a small job
 */
public record WorkerLibrariesCheck(Workers workers) implements Check {
  @Override
  public String name() {
    return "workers";
  }

  @Override
  public String look() throws IOException {
    List<WorkerReport> reports = workers.answers().reports();
    for (WorkerReport report : reports) {
      if (!report.absent().isEmpty()) {
        throw trouble(report, "lacks " + String.join(", ", report.absent()));
      }
      if (!report.inJobJar().isEmpty()) {
        throw trouble(
            report, "takes " + String.join(", ", report.inJobJar()) + " from the job jar");
      }
      if (report.torch().isEmpty()) {
        throw trouble(report, "cannot load PyTorch: " + report.failure());
      }
    }
    long processes = reports.stream().map(WorkerReport::process).distinct().count();
    return "%d TaskManagers answered; native libraries in Flink's lib; PyTorch %s, Java %s"
        .formatted(processes, reports.get(0).torch(), reports.get(0).java());
  }

  private static InfrastructureException trouble(WorkerReport report, String what) {
    return new InfrastructureException("the TaskManager " + report.process() + " " + what);
  }

  @Override
  public String cure() {
    return "put the jars that infra/flink/native-libraries names, and for HDFS those of"
        + " infra/flink/hadoop-libraries, into Flink's lib folder and start Flink again;"
        + " './infra/flink/cluster' does it";
  }
}
