package io.facet.transforms.train;

import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.unit.Unit;
import java.io.IOException;

/** {@link NetworkTraining} as a unit of a pipeline. */
public final class TrainUnit implements Unit<TrainingJob> {
  @Override
  public Class<TrainingJob> jobType() {
    return TrainingJob.class;
  }

  @Override
  public void run(TrainingJob job, AttemptFolder attempt) throws IOException, InterruptedException {
    NetworkTraining.run(job, attempt);
  }
}
