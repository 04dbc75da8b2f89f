package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.leaderboard.BoardRow;
import io.facet.pipelines.nightly.Night;
import io.facet.pipelines.nightly.Nights;
import io.facet.transforms.parquet.ParquetTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every decision of the simulated nights. */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class SimulatedNightsTest {
  @TempDir Path folder;

  @Test
  void theFirstFourNightsDecideAsTheyShould() throws IOException {
    simulate(4, "none");
    List<Night> nights = nights();
    assertThat(nights)
        .extracting(Night::decision)
        .containsExactly("first", "promoted", "failed", "unchanged");
    assertThat(nights).extracting(Night::exitCode).containsExactly(0, 0, 3, 0);
    assertThat(nights.get(1).newImages().orElseThrow()).isPositive();
    assertThat(nights.get(1).reason()).startsWith("better on drawn/accuracy +");
    assertThat(nights.get(2).reason()).contains("rejected");
    assertThat(nights.get(3).stages())
        .extracting(Night.Part::result)
        .filteredOn("made"::equals)
        .hasSizeLessThan(4);
    assertThat(Files.readString(store().resolve("nights/simulated/000002/summary.txt")))
        .startsWith("night 2 of simulated: promoted (exit 0)")
        .contains("champion   none#1 (champion 2, ");
    leaderboardTellsTheNightsApart();
    promoteAndRollBackByHand();
  }

  @Test
  @Tag("soak")
  void allFifteenNightsDecideAsTheyShould() throws IOException {
    CommandRun run = simulate(15, null);
    List<Night> nights = nights();
    assertThat(nights)
        .extracting(Night::decision)
        .containsExactly(
            "first",
            "promoted",
            "failed",
            "unchanged",
            "kept",
            "kept",
            "refused",
            "kept",
            "refused",
            "kept",
            "failed",
            "promoted",
            "kept",
            "promoted",
            "unchanged");
    assertThat(nights)
        .extracting(Night::exitCode)
        .containsExactly(0, 0, 3, 0, 0, 0, 4, 0, 4, 0, 5, 0, 0, 0, 0);
    assertThat(nights).extracting(Night::resumed).containsOnlyOnce(true);
    assertThat(nights.get(12).resumed()).isTrue();
    assertThat(nights.get(4).undelivered()).isPositive();
    assertThat(nights).anyMatch(night -> night.removedArtifacts() > 0);
    assertThat(JournalRuns.names(store())).contains("simulated rolled-back");
    assumeFalse(run.out().contains("without MLflow"), "no MLflow here to deliver to");
    assertThat(nights.get(5).undelivered()).isZero();
  }

  private void leaderboardTellsTheNightsApart() throws IOException {
    Path csv = folder.resolve("out/board.csv");
    Path parquet = folder.resolve("out/board.parquet");
    Path json = folder.resolve("out/board.json");
    CommandRun run =
        CommandRun.of(
            "leaderboard", "--store", store(), "--csv", csv, "--parquet", parquet, "--json", json);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out())
        .contains("drawn, lfw-10fold-v2, 300 pairs ")
        .contains("trained on")
        .doesNotContain("champion");
    List<BoardRow> rows = ParquetTable.readAll(BoardRow.class, List.of(parquet.toString()));
    assertThat(rows).hasSize(2);
    assertThat(rows).extracting(BoardRow::method).containsOnly("none");
    assertThat(rows).extracting(BoardRow::network).containsOnly("vit");
    assertThat(rows).extracting(BoardRow::trainingData).doesNotHaveDuplicates();
    assertThat(rows).extracting(BoardRow::pairsDigest).containsOnly(rows.get(0).pairsDigest());
    assertThat(Files.readAllLines(csv)).hasSize(3).first().asString().startsWith("set,protocol,");
    JsonNode list = JsonMapper.builder().build().readTree(json.toFile());
    assertThat(list.get(0).get("milliseconds").isNull()).isTrue();
    assertThat(list.get(0).get("accuracy").asDouble()).isEqualTo(rows.get(0).accuracy());
  }

  private void promoteAndRollBackByHand() {
    Object[] here = {"--store", store(), "--tracking-uri", "none"};
    CommandRun again = CommandRun.of("promote", here[0], here[1], here[2], here[3]);
    assertThat(again.exitCode()).as(again.said()).isZero();
    assertThat(again.out()).contains("already champion: none#1 (champion 2");
    CommandRun back = CommandRun.of("rollback", "simulated", here[0], here[1], here[2], here[3]);
    assertThat(back.exitCode()).as(back.said()).isZero();
    assertThat(back.out()).contains("champion: none#1 (champion 3");
    CommandRun unjudged = CommandRun.of("promote", here[0], here[1], here[2], here[3]);
    assertThat(unjudged.exitCode()).isEqualTo(2);
    assertThat(unjudged.err()).contains("no gate has compared none#1");
    CommandRun unsaid = CommandRun.of("promote", "--force", here[0], here[1], here[2], here[3]);
    assertThat(unsaid.exitCode()).isEqualTo(2);
    assertThat(unsaid.err()).contains("say why with --why TEXT");
    CommandRun forced =
        CommandRun.of(
            "promote", "--force", "--why", "measured by hand", here[0], here[1], here[2], here[3]);
    assertThat(forced.exitCode()).as(forced.said()).isZero();
    try (ArtifactStore opened = ArtifactStore.open(store().toString())) {
      Champion champion = new Champions(opened, "simulated").current().orElseThrow();
      assertThat(champion.action()).isEqualTo(Champion.Action.FORCED);
      assertThat(champion.why()).isEqualTo("measured by hand");
    }
  }

  private CommandRun simulate(int nights, String trackingUri) {
    Path root = folder.resolve("x");
    CommandRun run =
        trackingUri == null
            ? CommandRun.of("nightly", "--simulate", nights, "--store", root)
            : CommandRun.of(
                "nightly", "--simulate", nights, "--store", root, "--tracking-uri", trackingUri);
    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out()).contains("all %d nights decided as they should".formatted(nights));
    return run;
  }

  private List<Night> nights() {
    return new Nights(store(), "simulated").all();
  }

  private Path store() {
    return folder.resolve("x-simulation/store");
  }
}
