package io.facet.pipelines.data;

import io.facet.transforms.row.SampleRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts samples by source, split and person. Memory grows with people, not with images. */
final class SampleCounts {
  /** Upper ends of the histogram's classes; the last one is open. */
  private static final int[] ENDS = {1, 2, 5, 10, 20, 50, 100};

  private final Map<String, Map<String, Source>> sources = new TreeMap<>();
  private final Map<String, Map<String, Long>> people = new TreeMap<>();

  private static final class Source {
    private long samples;
    private long unlabelled;
    private final Set<String> people = new HashSet<>();
  }

  void add(SampleRow row) {
    Source source =
        sources
            .computeIfAbsent(row.source(), s -> new TreeMap<>())
            .computeIfAbsent(row.split(), s -> new Source());
    source.samples++;
    if (row.identity().isEmpty()) {
      source.unlabelled++;
    } else {
      source.people.add(row.identity());
      people
          .computeIfAbsent(row.split(), s -> new TreeMap<>())
          .merge(row.identity(), 1L, Long::sum);
    }
  }

  List<Rows.SourceCount> sources() {
    List<Rows.SourceCount> rows = new ArrayList<>();
    sources.forEach(
        (label, splits) ->
            splits.forEach(
                (split, s) ->
                    rows.add(
                        new Rows.SourceCount(
                            label, split, s.samples, s.unlabelled, s.people.size()))));
    return rows;
  }

  List<Rows.PersonCount> people() {
    List<Rows.PersonCount> rows = new ArrayList<>();
    people.forEach(
        (split, counts) ->
            counts.forEach(
                (identity, images) -> rows.add(new Rows.PersonCount(identity, split, images))));
    return rows;
  }

  /** People of the training split by their number of images: {@code 3-5} to how many. */
  Map<String, Long> histogram() {
    Map<String, Long> classes = new LinkedHashMap<>();
    int from = 1;
    for (int end : ENDS) {
      classes.put(from == end ? Integer.toString(end) : from + "-" + end, 0L);
      from = end + 1;
    }
    classes.put("over " + ENDS[ENDS.length - 1], 0L);
    List<String> names = List.copyOf(classes.keySet());
    people
        .getOrDefault(SampleRow.TRAIN, Map.of())
        .values()
        .forEach(images -> classes.merge(names.get(classOf(images)), 1L, Long::sum));
    return classes;
  }

  private static int classOf(long images) {
    int at = 0;
    while (at < ENDS.length && images > ENDS[at]) {
      at++;
    }
    return at;
  }
}
