package io.facet.pipelines.leaderboard;

import io.facet.models.protocol.Protocols;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.KeptResult;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.row.RecordCoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.coders.ListCoder;
import org.apache.beam.sdk.util.CoderUtils;

/** The leaderboards of a store as they were computed last, so that nothing is drawn again. */
final class KnownBoards {
  private static final Coder<List<BoardRow>> ROWS = ListCoder.of(RecordCoder.of(BoardRow.class));

  private KnownBoards() {}

  /** Those of a key, which stands for all they came from, if they are known. */
  static Optional<List<Board>> of(ArtifactStore store, String key) {
    return store
        .kept(KeptResult.COMPUTED, Stages.EVALUATE, key)
        .flatMap(
            bytes -> {
              try {
                return Optional.of(boards(CoderUtils.decodeFromByteArray(ROWS, bytes)));
              } catch (CoderException e) {
                return Optional.empty();
              }
            });
  }

  static void keep(ArtifactStore store, String key, List<Board> boards) {
    List<BoardRow> rows = boards.stream().flatMap(board -> board.rows().stream()).toList();
    try {
      store.keep(
          KeptResult.COMPUTED, Stages.EVALUATE, key, CoderUtils.encodeToByteArray(ROWS, rows));
    } catch (CoderException e) {
      throw new IllegalStateException("rows can always be written", e);
    }
  }

  private static List<Board> boards(List<BoardRow> rows) {
    Map<List<String>, List<BoardRow>> parted = new LinkedHashMap<>();
    for (BoardRow row : rows) {
      List<String> board =
          List.of(row.set(), Protocols.withoutInterval(row.protocol()), row.pairsDigest());
      parted.computeIfAbsent(board, b -> new ArrayList<>()).add(row);
    }
    List<Board> boards = new ArrayList<>();
    parted.forEach(
        (board, own) ->
            boards.add(
                new Board(board.get(0), board.get(1), board.get(2), own.get(0).pairs(), own)));
    return boards;
  }
}
