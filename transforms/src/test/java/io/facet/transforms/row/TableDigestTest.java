package io.facet.transforms.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.transforms.testing.Digests;
import io.facet.transforms.testing.Pipelines;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;

class TableDigestTest {
  private static List<TimingRow> rows(int count) {
    List<TimingRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(new TimingRow("align", "row" + i % 7, i));
    }
    return rows;
  }

  @Test
  void orderDoesNotMatter() {
    List<TimingRow> shuffled = rows(100);
    Collections.shuffle(shuffled, new Random(3));
    assertThat(TableDigest.of(TimingRow.class, shuffled))
        .isEqualTo(TableDigest.of(TimingRow.class, rows(100)));
  }

  @Test
  void everyRowMatters() {
    List<TimingRow> rows = rows(100);
    TableDigest whole = TableDigest.of(TimingRow.class, rows);
    assertThat(TableDigest.of(TimingRow.class, rows.subList(1, 100)).digest())
        .isNotEqualTo(whole.digest());
    rows.set(5, new TimingRow("align", "row5", 1.0000001));
    assertThat(TableDigest.of(TimingRow.class, rows).digest()).isNotEqualTo(whole.digest());
  }

  @Test
  void twiceTheSameRowIsNotNothing() {
    TimingRow row = new TimingRow("align", "n", 1);
    assertThat(TableDigest.of(TimingRow.class, List.of(row, row)).digest())
        .isNotEqualTo(TableDigest.of(TimingRow.class, List.of()).digest())
        .isNotEqualTo(TableDigest.of(TimingRow.class, List.of(row)).digest());
  }

  @Test
  void knownValue() {
    record Text(String text) {}
    // SHA-256 of the bytes 03 'a' 'b' 'c'.
    assertThat(TableDigest.of(Text.class, List.of(new Text("abc"))).digest())
        .isEqualTo("1a60c38bbdf04315e5d12747a45f7e02d9da3ea6e7dea87270e4acf8c900d110");
    assertThat(TableDigest.of(Text.class, List.of()).digest()).isEqualTo("0".repeat(64));
  }

  @Test
  void combiningInAPipelineGivesTheSame() {
    Pipelines.run(
        pipeline ->
            PAssert.thatSingleton(
                    pipeline.apply(Create.of(rows(100))).apply(Digests.of(TimingRow.class)))
                .isEqualTo(TableDigest.of(TimingRow.class, rows(100))));
  }
}
