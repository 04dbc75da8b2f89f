package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.nightly.Night;
import io.facet.pipelines.nightly.Nights;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A night whose process is killed is the same night when it is started again. */
@Tag("soak")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class NightlyKilledTest {
  @TempDir Path folder;

  @Test
  void theNextStartGoesOnWithIt() throws Exception {
    Path recipe = TinyRecipe.write(folder, TinyRecipe.studentAlone());
    Path store = folder.resolve("store");
    try (ChildProcess child =
        ChildProcess.start(
            folder.resolve("log"), "nightly", recipe, "--store", store, "--tracking-uri", "none")) {
      child.awaitFile(store, "distill/*/attempt-*/checkpoints/**4.checkpoint");
      CommandRun second =
          CommandRun.of("nightly", recipe, "--store", store, "--tracking-uri", "none");
      assertThat(second.exitCode()).as(second.said()).isZero();
      assertThat(second.out()).contains("a night of tiny runs already");
      child.kill();
    }
    CommandRun again = CommandRun.of("nightly", recipe, "--store", store, "--tracking-uri", "none");
    assertThat(again.exitCode()).as(again.said()).isZero();
    assertThat(again.out()).contains("going on with night 1");
    List<Night> nights = new Nights(store, "tiny").all();
    assertThat(nights).extracting(Night::decision).containsExactly("first");
    assertThat(nights.get(0).resumed()).isTrue();
    assertThat(nights.get(0).stages())
        .filteredOn(part -> part.result().equals("cached"))
        .extracting(Night.Part::name)
        .contains("ingest", "align");
  }
}
