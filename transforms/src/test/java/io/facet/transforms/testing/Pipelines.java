package io.facet.transforms.testing;

import java.util.function.Consumer;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.testing.TestPipeline;

/**
 * Runs test pipelines. Beam's own rule is for JUnit 4: without it {@code run} refuses to work, and
 * with its check off nobody notices a pipeline that was never run. Here one call builds and runs.
 */
public final class Pipelines {
  private Pipelines() {}

  /** Builds a pipeline, runs it on the direct runner and waits; a failed PAssert throws. */
  public static PipelineResult run(Consumer<Pipeline> build) {
    TestPipeline pipeline = TestPipeline.create().enableAbandonedNodeEnforcement(false);
    build.accept(pipeline);
    PipelineResult result = pipeline.run();
    result.waitUntilFinish();
    return result;
  }

  /** The final value of a counter, 0 if it was never raised. */
  public static long counter(PipelineResult result, Class<?> namespace, String name) {
    MetricsFilter filter =
        MetricsFilter.builder().addNameFilter(MetricNameFilter.named(namespace, name)).build();
    long total = 0;
    for (MetricResult<Long> counter : result.metrics().queryMetrics(filter).getCounters()) {
      total += counter.getAttempted();
    }
    return total;
  }
}
