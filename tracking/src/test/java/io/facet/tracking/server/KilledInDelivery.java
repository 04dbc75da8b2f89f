package io.facet.tracking.server;

import io.facet.tracking.RunSpec;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.Tracking;
import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.rest.TrackingOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A process that dies without a word while its sender is at work: {@code URI STORE}. */
public final class KilledInDelivery {
  static final int EXIT = 77;

  private KilledInDelivery() {}

  public static void main(String[] arguments) {
    Tracking tracking =
        Tracking.open(TrackingOptions.to(URI.create(arguments[0])), Path.of(arguments[1]));
    TrackedRun plan = tracking.start(RunSpec.of("killed", "plan"));
    TrackedRun last = plan;
    for (int number = 0; number < 4; number++) {
      last = plan.child("seed " + number, Map.of()).params(Map.of("seed", "" + number));
      List<MetricPoint> points = new ArrayList<>();
      for (int step = 0; step < 3000; step++) {
        points.add(new MetricPoint("loss", step * 0.5, step, step));
      }
      last.metrics(points);
      if (number < 3) {
        last.finish();
      }
    }
    tracking.flush();
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> tracking.page(plan).isPresent());
    Runtime.getRuntime().halt(EXIT);
  }
}
