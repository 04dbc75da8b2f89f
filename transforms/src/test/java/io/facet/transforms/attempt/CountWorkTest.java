package io.facet.transforms.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.transforms.testing.Pipelines;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CountWorkTest {
  @TempDir private Path folder;

  @BeforeAll
  static void registerFileSystems() {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsFactory.create());
  }

  @Test
  void elementsPassAndTheirNumberIsWritten() throws Exception {
    String attempt = folder.toString();
    Pipelines.run(
        pipeline -> {
          var numbers =
              pipeline
                  .apply(Create.of(IntStream.range(0, 100).boxed().toList()))
                  .apply("Expected", CountWork.expected(attempt))
                  .apply(Reshuffle.viaRandomKey())
                  .apply("Done", CountWork.done(attempt, number -> number % 2 == 0));
          PAssert.thatSingleton(numbers.apply(Count.globally())).isEqualTo(100L);
        });
    AttemptFolder whole = new AttemptFolder(attempt);
    assertThat(WorkDone.read(whole)).isEqualTo(new WorkDone(50, 100));
    WorkDone.clear(whole);
    assertThat(WorkDone.read(whole)).isEqualTo(new WorkDone(0, 0));
    assertThat(whole.list()).isEmpty();
  }

  @Test
  void anAttemptThatCannotBeWrittenDoesNotEndTheWork() {
    Pipelines.run(
        pipeline ->
            PAssert.thatSingleton(
                    pipeline
                        .apply(Create.of(1, 2, 3))
                        .apply(CountWork.done("faulty://read-only" + folder))
                        .apply(Count.globally()))
                .isEqualTo(3L));
    assertThat(folder).isEmptyDirectory();
  }
}
