package io.facet.pipelines.doctor;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.flink.WorkerProbe;
import io.facet.pipelines.flink.WorkerReport;
import java.io.IOException;

/**
 * The store is one and the same for driver and workers: each reads what the other wrote.
 *
 * @param workers asked through a small job
 */
public record SharedStoreCheck(Workers workers) implements Check {
  @Override
  public String name() {
    return "store";
  }

  @Override
  public String look() throws IOException {
    WorkerProbe.Answers answers = workers.answers();
    for (WorkerReport report : answers.reports()) {
      if (!report.read().equals(answers.question())) {
        throw new InfrastructureException(
            "the TaskManager %s cannot read the store: %s"
                .formatted(report.process(), report.readFailure()));
      }
      if (report.written().isEmpty()) {
        throw new InfrastructureException(
            "the TaskManager %s cannot write into the store: %s"
                .formatted(report.process(), report.writeFailure()));
      }
    }
    if (!answers.unseen().isEmpty()) {
      throw new InfrastructureException(
          "what the TaskManager %s wrote is not in our store".formatted(answers.unseen().get(0)));
    }
    return "shared: driver and " + answers.reports().size() + " tasks read each other's files";
  }

  @Override
  public String cure() {
    return "give a --store on a disk that all machines have under the same path, writable for the"
        + " user that runs Flink";
  }
}
