package io.facet.transforms.unit;

import io.facet.models.option.RecordBinder;
import io.facet.transforms.attempt.AttemptFolder;
import java.util.concurrent.Semaphore;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/**
 * Runs a {@link Unit} on one worker and returns the URI of its attempt folder once it is done.
 *
 * <p>One unit at a time runs in a JVM, whatever class loader its job has: they would only take each
 * other's processors and memory. A cancelled job interrupts the unit; a retried one finds the
 * checkpoints in its attempt folder.
 *
 * <pre>{@code
 * pipeline.apply("Train", RunUnit.of(TrainUnit.class, job, attemptUri))
 * }</pre>
 */
public final class RunUnit extends PTransform<PBegin, PCollection<String>> {
  private static final long serialVersionUID = 1L;

  private final String unit;
  private final String job;
  private final String attemptUri;

  private RunUnit(String unit, String job, String attemptUri) {
    this.unit = unit;
    this.job = job;
    this.attemptUri = attemptUri;
  }

  /** A unit with its job, working in an attempt folder. */
  public static <J extends Record> RunUnit of(
      Class<? extends Unit<J>> unit, J job, String attemptUri) {
    return new RunUnit(unit.getName(), RecordBinder.toJson(job), attemptUri);
  }

  @Override
  public PCollection<String> expand(PBegin begin) {
    return begin
        .apply("Job", Create.of(attemptUri).withCoder(StringUtf8Coder.of()))
        .apply("Run", ParDo.of(new RunFn(unit, job)));
  }

  private static final class RunFn extends DoFn<String, String> {
    private static final long serialVersionUID = 1L;

    private final String unit;
    private final String job;

    RunFn(String unit, String job) {
      this.unit = unit;
      this.job = job;
    }

    @ProcessElement
    public void process(@Element String attemptUri, OutputReceiver<String> done) throws Exception {
      RunningUnits.begin(attemptUri);
      try {
        Semaphore permit = permit();
        permit.acquire();
        try {
          run(load(unit), attemptUri);
        } finally {
          permit.release();
        }
      } finally {
        RunningUnits.end(attemptUri);
      }
      done.output(attemptUri);
    }

    private <J extends Record> void run(Unit<J> loaded, String attemptUri) throws Exception {
      loaded.run(RecordBinder.bindJson(loaded.jobType(), job), new AttemptFolder(attemptUri));
    }

    private static Unit<?> load(String name) throws ReflectiveOperationException {
      return Class.forName(name, true, RunUnit.class.getClassLoader())
          .asSubclass(Unit.class)
          .getDeclaredConstructor()
          .newInstance();
    }

    /** Held in the system properties: the only place that all class loaders of a JVM share. */
    private static Semaphore permit() {
      return (Semaphore)
          System.getProperties()
              .computeIfAbsent("io.facet.unit.permit", name -> new Semaphore(1, true));
    }
  }
}
