package io.facet.transforms.attempt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.PCollection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes elements on unchanged and keeps their number in the attempt folder while the job runs, at
 * most every two seconds a task: Flink shows no counters of Beam before a job has ended. Put one
 * {@link #expected} before a shuffle and one {@link #done} behind the work that follows it; {@link
 * WorkDone} adds up what the tasks wrote.
 *
 * <pre>{@code
 * faces.apply("Expected", CountWork.expected(attempt))
 *     .apply("Embed", EmbedFaces.with(model, uri, rows))
 *     .apply("Done", CountWork.done(attempt))
 * }</pre>
 *
 * <p>The numbers are for people who wait: a task that is tried again counts twice.
 */
public final class CountWork<T> extends PTransform<PCollection<T>, PCollection<T>> {
  private static final long serialVersionUID = 1L;
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final String attemptUri;
  private final String what;
  private final SerializableFunction<T, Long> amount;

  private CountWork(String attemptUri, String what, SerializableFunction<T, Long> amount) {
    this.attemptUri = attemptUri;
    this.what = what;
    this.amount = amount;
  }

  /** Counts what there is to do. */
  public static <T> CountWork<T> expected(String attemptUri) {
    return expected(attemptUri, element -> 1L);
  }

  /** Counts what there is to do, where one element stands for many things. */
  public static <T> CountWork<T> expected(String attemptUri, SerializableFunction<T, Long> amount) {
    return new CountWork<>(attemptUri, WorkDone.EXPECTED, amount);
  }

  /** Counts what is done. */
  public static <T> CountWork<T> done(String attemptUri) {
    return done(attemptUri, element -> true);
  }

  /** Counts what is done, where one thing to do gives several elements. */
  public static <T> CountWork<T> done(String attemptUri, SerializableFunction<T, Boolean> counted) {
    return new CountWork<>(attemptUri, WorkDone.DONE, element -> counted.apply(element) ? 1L : 0L);
  }

  @Override
  public PCollection<T> expand(PCollection<T> elements) {
    return elements
        .apply("Count", ParDo.of(new CountFn<>(attemptUri, what, amount)))
        .setCoder(elements.getCoder());
  }

  private static final class CountFn<T> extends DoFn<T, T> {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(CountFn.class);

    private final String attemptUri;
    private final String what;
    private final SerializableFunction<T, Long> amount;
    private transient String file;
    private transient long count;
    private transient long written;
    private transient long writtenAt;

    CountFn(String attemptUri, String what, SerializableFunction<T, Long> amount) {
      this.attemptUri = attemptUri;
      this.what = what;
      this.amount = amount;
    }

    @Setup
    public void setUp() {
      file = WorkDone.file(what, UUID.randomUUID());
      writtenAt = System.nanoTime();
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<T> out) {
      count += amount.apply(element);
      if (System.nanoTime() - writtenAt > EVERY.toNanos()) {
        write();
      }
      out.output(element);
    }

    @FinishBundle
    public void finishBundle() {
      write();
    }

    /** Trouble here must not end the work itself. */
    private void write() {
      writtenAt = System.nanoTime();
      if (count == written) {
        return;
      }
      try {
        new AttemptFolder(attemptUri)
            .put(file, Long.toString(count).getBytes(StandardCharsets.US_ASCII));
        written = count;
      } catch (IOException e) {
        LOG.debug("{} of {} cannot be written: {}", file, attemptUri, e.toString());
      }
    }
  }
}
