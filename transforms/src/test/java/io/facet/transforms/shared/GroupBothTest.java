package io.facet.transforms.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.transforms.testing.Pipelines;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.junit.jupiter.api.Test;

class GroupBothTest {
  private static final class TellFn
      extends DoFn<KV<String, Iterable<KV<String, Integer>>>, String> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void tell(
        @Element KV<String, Iterable<KV<String, Integer>>> key, OutputReceiver<String> out) {
      GroupBoth.lookUp(
          key.getValue(), (left, right) -> out.output(key.getKey() + " " + left + " " + right));
    }
  }

  @Test
  void eachRightSideFindsItsLeftSide() {
    Pipelines.run(
        pipeline ->
            PAssert.that(
                    pipeline
                        .apply(
                            "Right",
                            Create.of(KV.of("a", 1), KV.of("b", 2), KV.of("a", 3), KV.of("c", 4)))
                        .apply(
                            GroupBoth.with(
                                pipeline.apply(
                                    "Left",
                                    Create.of(KV.of("a", "x"), KV.of("c", "z"), KV.of("d", "u")))))
                        .apply(ParDo.of(new TellFn())))
                .containsInAnyOrder("a x 1", "a x 3", "b null 2", "c z 4"));
  }

  @Test
  void rightSidesMayComeBeforeTheirLeftSide() {
    List<String> found = new ArrayList<>();
    GroupBoth.<String, Integer>lookUp(
        List.of(both(null, 1), both(null, 2), both("x", null), both(null, 3)),
        (left, right) -> found.add(left + right));
    assertThat(found).containsExactly("x1", "x2", "x3");
  }

  private static KV<String, Integer> both(String left, Integer right) {
    return KV.of(left, right);
  }
}
