package io.facet.pipelines.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.pipelines.plan.SplitOverlap.Offer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitOverlapTest {
  private final Offer training =
      new Offer("cfp", Map.of("h1", "001/a.jpg", "h2", "002/b.jpg"), Set.of("cfp/001", "cfp/002"));

  @Test
  void namesSharedImagesAndIdentities() {
    Offer set = new Offer("lfw", Map.of("h2", "x.jpg", "h3", "y.jpg"), Set.of("cfp/002", "lfw/Bo"));
    SplitOverlap overlap = SplitOverlap.between(List.of(training), List.of(set));
    assertThat(overlap.lines())
        .containsExactly(
            "verification set 'lfw' shares 1 image with training source 'cfp': x.jpg = 002/b.jpg",
            "verification set 'lfw' shares 1 identity with training source 'cfp': cfp/002");
    assertThatThrownBy(overlap::refuse)
        .isInstanceOf(DataException.class)
        .hasMessageContaining("002/b.jpg")
        .hasMessageEndingWith("or set data.overlap: report");
  }

  @Test
  void separateSetsPass() {
    Offer set = new Offer("lfw", Map.of("h9", "x.jpg"), Set.of("lfw/Bo"));
    SplitOverlap overlap = SplitOverlap.between(List.of(training), List.of(set));
    assertThat(overlap.lines()).isEmpty();
    overlap.refuse();
  }
}
