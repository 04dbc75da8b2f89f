package io.facet.pipelines.mlflow;

import io.facet.models.train.HistoryPoint;
import io.facet.pipelines.report.Plots;
import io.facet.tracking.TrackedRun;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The histories of trainings that go on, drawn when a training ends. */
final class TrainingCurves {
  private final Map<String, Map<String, List<HistoryPoint>>> points = new HashMap<>();

  void add(String instance, HistoryPoint point) {
    points
        .computeIfAbsent(instance, name -> new TreeMap<>())
        .computeIfAbsent(point.name(), name -> new ArrayList<>())
        .add(point);
  }

  /** Whether MLflow has a curve of that name for the instance. */
  boolean has(String instance, String name) {
    return points.getOrDefault(instance, Map.of()).containsKey(name);
  }

  /** Hands the plots of an instance to its run and forgets the points. */
  void draw(String instance, TrackedRun run) {
    Map<String, List<HistoryPoint>> histories = points.remove(instance);
    if (histories != null) {
      draw(instance, "loss", histories, run);
      draw(instance, "validation", histories, run);
    }
  }

  private static void draw(
      String instance, String kind, Map<String, List<HistoryPoint>> histories, TrackedRun run) {
    Map<String, Plots.Line> lines = new LinkedHashMap<>();
    histories.forEach(
        (name, history) -> {
          if (name.startsWith(kind + "/")) {
            lines.put(name, line(history));
          }
        });
    if (!lines.isEmpty()) {
      run.artifact("plots/" + kind + ".png", Plots.curves(instance, kind, lines));
    }
  }

  private static Plots.Line line(List<HistoryPoint> history) {
    return new Plots.Line(
        history.stream().mapToDouble(HistoryPoint::step).toArray(),
        history.stream().mapToDouble(HistoryPoint::value).toArray());
  }
}
