package io.facet.tracking.mlflow;

import io.facet.tracking.entity.MetricPoint;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.outbox.RefusedList.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Points, parameters and tags of one run that are sent together. */
public final class RunBatch {
  private static final int MOST_ITEMS = 1000;
  private static final int MOST_PARAMS = 100;
  private static final int MOST_TAGS = 100;
  private static final int MOST_BYTES = 900_000;
  private static final int ITEM_BYTES = 100;
  private static final int BYTES_PER_CHARACTER = 3;

  private final List<MetricPoint> points = new ArrayList<>();
  private final Map<String, String> params = new LinkedHashMap<>();
  private final Map<String, String> tags = new LinkedHashMap<>();

  /** A part that fits into one request. */
  public record Part(
      List<MetricPoint> points,
      List<Map.Entry<String, String>> params,
      List<Map.Entry<String, String>> tags) {

    public int size() {
      return points.size() + params.size() + tags.size();
    }

    /** Both halves, of a part of at least two items. */
    List<Part> halves() {
      if (size() == points.size()) {
        int half = points.size() / 2;
        return List.of(
            new Part(points.subList(0, half), List.of(), List.of()),
            new Part(points.subList(half, points.size()), List.of(), List.of()));
      }
      if (size() == params.size()) {
        int half = params.size() / 2;
        return List.of(
            new Part(List.of(), params.subList(0, half), List.of()),
            new Part(List.of(), params.subList(half, params.size()), List.of()));
      }
      if (size() == tags.size()) {
        int half = tags.size() / 2;
        return List.of(
            new Part(List.of(), List.of(), tags.subList(0, half)),
            new Part(List.of(), List.of(), tags.subList(half, tags.size())));
      }
      return List.of(
              new Part(points, List.of(), List.of()),
              new Part(List.of(), params, List.of()),
              new Part(List.of(), List.of(), tags))
          .stream()
          .filter(part -> part.size() > 0)
          .toList();
    }
  }

  /**
   * Takes an event in. The first value of a parameter and the last of a tag count, as in MLflow;
   * answers what contradicts an earlier parameter.
   */
  public List<Refused> add(TrackingEvent event) {
    List<Refused> refused = new ArrayList<>();
    if (event instanceof TrackingEvent.Metrics metrics) {
      points.addAll(metrics.points());
    } else if (event instanceof TrackingEvent.Tags more) {
      tags.putAll(more.values());
    } else if (event instanceof TrackingEvent.Params more) {
      more.values()
          .forEach(
              (key, value) -> {
                String first = params.putIfAbsent(key, value);
                if (first != null && !first.equals(value)) {
                  refused.add(
                      new Refused(
                          event.run(), "param " + key, "was '" + first + "', cannot change"));
                }
              });
    } else {
      throw new IllegalArgumentException("Not sent in batches: " + event);
    }
    return refused;
  }

  /** Points held so far. */
  public int points() {
    return points.size();
  }

  /** Parts that keep MLflow's limits: 1,000 items, 100 parameters, 100 tags, 1 MB. */
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    Part part = empty();
    int bytes = 0;
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      int size = bytes(tag);
      if (part.tags().size() >= MOST_TAGS || bytes + size > MOST_BYTES) {
        parts.add(part);
        part = empty();
        bytes = 0;
      }
      part.tags().add(tag);
      bytes += size;
    }
    for (Map.Entry<String, String> param : params.entrySet()) {
      int size = bytes(param);
      if (part.params().size() >= MOST_PARAMS || bytes + size > MOST_BYTES) {
        parts.add(part);
        part = empty();
        bytes = 0;
      }
      part.params().add(param);
      bytes += size;
    }
    for (MetricPoint point : points) {
      int size = point.key().length() * BYTES_PER_CHARACTER + ITEM_BYTES;
      if (part.size() >= MOST_ITEMS || bytes + size > MOST_BYTES) {
        parts.add(part);
        part = empty();
        bytes = 0;
      }
      part.points().add(point);
      bytes += size;
    }
    if (part.size() > 0) {
      parts.add(part);
    }
    return parts;
  }

  private static Part empty() {
    return new Part(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  private static int bytes(Map.Entry<String, String> entry) {
    int characters = entry.getKey().length() + entry.getValue().length();
    return characters * BYTES_PER_CHARACTER + ITEM_BYTES;
  }
}
