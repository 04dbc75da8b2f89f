package io.facet.pipelines.trace;

import io.facet.transforms.row.ScoreRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The first pairs of a list by position, whatever the order they come in. */
final class FirstPairs {
  private static final Comparator<ScoreRow> BY_POSITION =
      Comparator.comparingInt(ScoreRow::position);

  private final int most;
  private final PriorityQueue<ScoreRow> kept = new PriorityQueue<>(BY_POSITION.reversed());

  FirstPairs(int most) {
    this.most = most;
  }

  void add(ScoreRow row) {
    kept.add(row);
    if (kept.size() > most) {
      kept.remove();
    }
  }

  List<ScoreRow> inOrder() {
    List<ScoreRow> rows = new ArrayList<>(kept);
    rows.sort(BY_POSITION);
    return rows;
  }
}
