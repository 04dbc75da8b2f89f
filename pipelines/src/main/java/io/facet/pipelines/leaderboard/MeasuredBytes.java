package io.facet.pipelines.leaderboard;

import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.OutcomeRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.score.Outcomes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What evaluations say of their models, without the names of contestants, as bytes. Lists of pairs
 * stand first, each once; a model adds its accuracy and a bit a pair.
 */
final class MeasuredBytes {
  /** All that comes out is called so. */
  static final Leaderboard.Identity UNNAMED = new Leaderboard.Identity("", "", "", "");

  private static final RecordCoder<OutcomeRow> PAIRS = RecordCoder.of(OutcomeRow.class);
  private static final RecordCoder<MetricRow> ACCURACY = RecordCoder.of(MetricRow.class);

  private MeasuredBytes() {}

  /**
   * Writes.
   *
   * @param measured by the attempt of an evaluation
   */
  static byte[] encode(Map<String, List<Leaderboard.Measured>> measured) {
    PairLists lists = new PairLists();
    ByteArrayOutputStream models = new ByteArrayOutputStream();
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    try {
      DataOutputStream out = new DataOutputStream(models);
      out.writeInt(measured.size());
      for (var evaluation : new TreeMap<>(measured).entrySet()) {
        out.writeUTF(evaluation.getKey());
        out.writeInt(evaluation.getValue().size());
        for (Leaderboard.Measured one : evaluation.getValue()) {
          ACCURACY.encode(one.accuracy(), out);
          out.writeLong(one.parameters());
          out.writeInt(lists.place(one.outcomes()));
          byte[] correct = one.outcomes().verdicts();
          out.writeInt(correct.length);
          out.write(correct);
        }
      }
      DataOutputStream first = new DataOutputStream(whole);
      first.writeInt(lists.all.size());
      for (Outcomes list : lists.all) {
        List<OutcomeRow> rows = list.rows("", "").toList();
        first.writeInt(rows.size());
        for (OutcomeRow row : rows) {
          PAIRS.encode(row, first);
        }
      }
      models.writeTo(first);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return whole.toByteArray();
  }

  /** Reads what {@link #encode} wrote; empty if it did not write that. */
  static Optional<Map<String, List<Leaderboard.Measured>>> decode(byte[] bytes) {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Map<String, List<Leaderboard.Measured>> measured = new HashMap<>();
    try {
      List<Outcomes> lists = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        List<OutcomeRow> rows = new ArrayList<>();
        for (int more = in.readInt(); more > 0; more--) {
          rows.add(PAIRS.decode(in));
        }
        lists.add(Outcomes.of(rows));
      }
      for (int left = in.readInt(); left > 0; left--) {
        String attempt = in.readUTF();
        List<Leaderboard.Measured> models = new ArrayList<>();
        for (int more = in.readInt(); more > 0; more--) {
          MetricRow accuracy = ACCURACY.decode(in);
          long parameters = in.readLong();
          Outcomes pairs = lists.get(in.readInt());
          byte[] correct = new byte[in.readInt()];
          in.readFully(correct);
          models.add(
              new Leaderboard.Measured(UNNAMED, accuracy, parameters, pairs.judged(correct)));
        }
        measured.put(attempt, models);
      }
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
    return Optional.of(measured);
  }

  /** Distinct lists of pairs; most models of a store share a few. */
  private static final class PairLists {
    private final List<Outcomes> all = new ArrayList<>();

    int place(Outcomes outcomes) {
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).samePairs(outcomes)) {
          return i;
        }
      }
      all.add(outcomes);
      return all.size() - 1;
    }
  }
}
