package io.facet.models.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TemplateSearchTest {
  private static float[][] drawn(int rows, int width, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[][] drawn = new float[rows][width];
    for (float[] row : drawn) {
      for (int i = 0; i < width; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return drawn;
  }

  @Test
  void blocksScoreBitForBitAsSinglePairs() {
    for (int width : new int[] {1, 3, 16, 39, 130}) {
      float[][] gallery = drawn(GalleryBlock.ENTRIES + 5, width, 1);
      float[][] probes = drawn(GalleryBlock.PROBES, width, 2);
      for (int first : new int[] {0, GalleryBlock.ENTRIES}) {
        GalleryBlock block = new GalleryBlock(gallery, first);
        double[][] scores = block.scores(probes, 3, 20);
        for (int p = 0; p < 20; p++) {
          for (int g = 0; g < block.entries(); g++) {
            assertThat(scores[p][g])
                .isEqualTo(EmbeddingMath.quickDot(gallery[first + g], probes[3 + p]));
          }
        }
      }
    }
  }

  @Test
  void searchesGalleriesOfSeveralBlocksAsEntryByEntry() {
    int entries = GalleryBlock.ENTRIES + 100;
    float[][] gallery = drawn(entries, 8, 3);
    gallery[entries - 1] = gallery[7].clone();
    float[][] probes = drawn(50, 8, 4);
    probes[0] = gallery[7].clone();
    long[] ids = IntStream.range(0, entries).asLongStream().toArray();
    long[] probeIds =
        IntStream.range(0, 50).mapToLong(p -> p == 0 ? entries - 1 : p * 20).toArray();
    OneToN.Result result =
        OneToN.search(gallery, ids, probes, probeIds, new int[] {1}, new double[] {0.5});
    List<Integer> places = new ArrayList<>();
    for (int p = 0; p < 50; p++) {
      if (probeIds[p] < entries) {
        int own = (int) probeIds[p];
        double score = EmbeddingMath.quickDot(gallery[own], probes[p]);
        int before = 0;
        for (int g = 0; g < entries; g++) {
          double other = EmbeddingMath.quickDot(gallery[g], probes[p]);
          before += other > score || (other == score && g < own) ? 1 : 0;
        }
        places.add(before);
      }
    }
    assertThat(result.places()).containsExactly(places.stream().mapToInt(p -> p).toArray());
    assertThat(result.places()[0]).isPositive();
    assertThat(result.strangers()).isEqualTo(50 - places.size()).isPositive();
  }

  @Test
  void gatheringKeepsPairsAndPutsNearTemplatesTogether() {
    SplittableRandom random = new SplittableRandom(5);
    TemplatePairs.Builder pairs = new TemplatePairs.Builder();
    for (int i = 0; i < 3000; i++) {
      pairs.add(template(random), template(random), random.nextBoolean());
    }
    TemplatePairs listed = pairs.build();
    TemplatePairs gathered = listed.gathered();
    assertThat(texts(gathered)).containsExactlyInAnyOrderElementsOf(texts(listed));
    long groups =
        IntStream.range(1, 3000).filter(i -> gathered.right()[i] < gathered.right()[i - 1]).count();
    assertThat(groups).isBetween(1L, 400L / 128);
    assertThat(texts(gathered.gathered())).isEqualTo(texts(gathered));
  }

  /** One of 400 numbers, far apart and of both signs. */
  private static int template(SplittableRandom random) {
    return (random.nextInt(400) - 200) * 10_000_019;
  }

  private static List<String> texts(TemplatePairs pairs) {
    return IntStream.range(0, pairs.size())
        .mapToObj(i -> pairs.left()[i] + " " + pairs.right()[i] + " " + pairs.same()[i])
        .toList();
  }

  @Test
  void numbersKeepThePlaceAtWhichTheyWereAdded() {
    IntPlaces places = new IntPlaces();
    for (int i = 0; i < 1000; i++) {
      assertThat(places.add(i * 2_147_483)).isEqualTo(i);
    }
    assertThat(places.add(0)).isZero();
    assertThat(places.size()).isEqualTo(1000);
    assertThat(places.place(999 * 2_147_483)).isEqualTo(999);
    assertThat(places.number(999)).isEqualTo(999 * 2_147_483);
    assertThat(places.place(5)).isEqualTo(-1);
    assertThat(IntPlaces.of(new int[] {-3, 8, -3}).size()).isEqualTo(2);
  }
}
